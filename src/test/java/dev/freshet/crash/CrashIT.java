package dev.freshet.crash;

import dev.freshet.support.Services;
import dev.freshet.support.SimulatedSource;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@link CrashCampaign}. */
class CrashIT {

  private static final long SEED = Long.getLong("test.seed", 20_261_121);

  @TempDir private Path folder;

  @Test
  void killedUnderLoadItLosesNothingInPgvector() throws Exception {
    String url = Services.jdbcUrl();
    try (var run = run(new PgvectorIndex(url, url))) {
      run.start(1);
      run.runOn(3_000);
      run.kill(0);
      run.runOn(1_000);
      run.terminate(0);
      run.runOn(1_000);
      run.kill(0);
      System.out.println("pgvector: " + run.finish());
    }
  }

  private CrashRun run(TestIndex index) throws Exception {
    return new CrashRun(
        folder,
        SimulatedSource.leavingOutLargeValues(SEED),
        Services.rabbitmqUrl(),
        index,
        new Random(SEED));
  }
}
