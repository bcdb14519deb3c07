package dev.freshet.crash;

import dev.freshet.support.PrivateServices;
import dev.freshet.support.Services;
import dev.freshet.support.SimulatedSource;
import dev.freshet.support.UsesPrivateServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The short form of {@link CrashCampaign}: each fault once. Alone, because a busy machine has real
 * consequences here: an instance that hears nothing for long gives a message up.
 */
@Isolated
class CrashIT {

  private static final long SEED = Long.getLong("test.seed", 20_261_121);

  @TempDir private Path folder;

  @Test
  void killedAndCutOffUnderLoadPgvectorEqualsTheTables() throws Exception {
    String url = Services.jdbcUrl();
    try (var run = run(Services.rabbitmqUrl(), new PgvectorIndex(url, url))) {
      run.start(1);
      run.runOn(600);
      run.kill(0);
      run.runOn(300);
      run.cutBroker();
      run.runOn(300);
      run.silenceBroker();
      run.finish();
    }
  }

  @Test
  void killedUnderLoadLuceneEqualsTheTables() throws Exception {
    killOnce(new LuceneIndex(folder.resolve("data")));
  }

  @Test
  void killedUnderLoadTheLlamaIndexServiceEqualsTheTables() throws Exception {
    killOnce(new LlamaIndex(folder.resolve("data")));
  }

  @Test
  void twoInstancesThatAreReplacedOneAfterTheOtherLoseNothing() throws Exception {
    String url = Services.jdbcUrl();
    try (var run = run(Services.rabbitmqUrl(), new PgvectorIndex(url, url))) {
      run.start(2);
      run.runOn(300);
      run.roll();
      run.finish();
    }
  }

  @Test
  void killedAndCutOffUnderLoadAQuorumQueueLosesNothing() throws Exception {
    String url = Services.jdbcUrl();
    try (var run = run(Services.rabbitmqUrl(), new PgvectorIndex(url, url), CrashRun.QUORUM)) {
      run.start(1);
      run.runOn(600);
      run.kill(0);
      run.runOn(300);
      run.cutBroker();
      run.finish();
    }
  }

  @Test
  @UsesPrivateServices
  void whenItsServersAreKilledItGoesOnByItself() throws Exception {
    try (var services = PrivateServices.borrow();
        var run =
            run(
                services.rabbitmqUrl(),
                new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl()))) {
      run.start(1);
      run.runOn(300);
      run.fault("RabbitMQ kill -9", services::killRabbitmq, services::startRabbitmq);
      run.runOn(300);
      run.fault("PostgreSQL kill -9", services::killPostgres, services::startPostgres);
      run.finish();
    }
  }

  private void killOnce(TestIndex index) throws Exception {
    try (var run = run(Services.rabbitmqUrl(), index)) {
      run.start(1);
      run.runOn(600);
      run.kill(0);
      run.finish();
    }
  }

  private CrashRun run(String rabbitmqUrl, TestIndex index) throws IOException {
    return run(rabbitmqUrl, index, Map.of());
  }

  private CrashRun run(String rabbitmqUrl, TestIndex index, Map<String, String> settings)
      throws IOException {
    var source = SimulatedSource.leavingOutLargeValues(SEED);
    return new CrashRun(folder, source, rabbitmqUrl, index, settings, new Random(SEED));
  }
}
