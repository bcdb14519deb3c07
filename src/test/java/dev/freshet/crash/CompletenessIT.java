package dev.freshet.crash;

import dev.freshet.crash.CompletenessRun.Feed;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.UsesPrivateServices;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The short form of {@link CompletenessCampaign}. */
@Isolated
class CompletenessIT {

  private static final long SEED = Long.getLong("test.seed", 20_261_128);

  @TempDir private Path folder;

  @Test
  @UsesPrivateServices
  void afterABackfillBetweenKillsTheIndexEqualsTheTablesAndDriftIsRepaired() throws Exception {
    var random = new Random(SEED);
    try (var services = PrivateServices.borrow();
        var tables = new KeyedTables(services.jdbcUrl(), 700, 40, 100, random);
        var run = new CompletenessRun(folder, services, Feed.RABBITMQ, tables, random)) {
      run.start();
      run.backfill(1, 1);
      run.requireClean();
      tables.stop();
      run.requireFoundAndRepaired(16);
      run.requireClean();
      run.requireEqual();
    }
  }
}
