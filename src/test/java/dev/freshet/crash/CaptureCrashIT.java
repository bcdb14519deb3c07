package dev.freshet.crash;

import dev.freshet.support.PrivateServices;
import dev.freshet.support.Services;
import dev.freshet.support.UsesPrivateServices;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The short form of {@link CaptureCrashCampaign}: each fault once. */
@Isolated
class CaptureCrashIT {

  private static final long SEED = Long.getLong("test.seed", 20_261_128);

  @TempDir private Path folder;

  @Test
  void killedAndCutOffUnderLoadLuceneEqualsTheTable() throws Exception {
    try (var run = run(Services.jdbcUrl(), new LuceneIndex(folder.resolve("data")))) {
      run.start(1);
      run.runOn(200);
      run.kill(0);
      run.runOn(100);
      run.cutSource();
      run.finish();
    }
  }

  @Test
  void anInstanceThatStandsByTakesOver() throws Exception {
    String url = Services.jdbcUrl();
    try (var run = run(url, new PgvectorIndex(url, url))) {
      run.start(2);
      run.runOn(100);
      run.takeOver();
      run.finish();
    }
  }

  @Test
  @UsesPrivateServices
  void killedPostgresIsReadOnByItself() throws Exception {
    try (var services = PrivateServices.borrow();
        var run =
            run(services.jdbcUrl(), new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl()))) {
      run.start(1);
      run.runOn(100);
      run.fault("PostgreSQL kill -9", services::killPostgres, services::startPostgres);
      run.finish();
    }
  }

  private CaptureRun run(String server, TestIndex index) throws Exception {
    return new CaptureRun(folder, server, index, new Random(SEED));
  }
}
