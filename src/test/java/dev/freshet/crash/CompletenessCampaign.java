package dev.freshet.crash;

import dev.freshet.crash.CompletenessRun.Feed;
import dev.freshet.support.PrivateServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backfill of 100,000 rows under 200 live changes a second, with kills of Freshet and PostgreSQL;
 * then drift checks, and differences that are made on purpose. It needs the packaged jar and {@code
 * scripts/services} (Debian 12, root). Run it with {@code -Dtest=CompletenessCampaign
 * -Dtest.excluded.groups=}; {@code -Dtest.rows} makes it shorter.
 */
@Tag("campaign")
class CompletenessCampaign {

  private static final int ROWS = Integer.getInteger("test.rows", 100_000);
  private static final int SMALL = 200;
  private static final int RATE = 200;
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @TempDir private Path folder;

  @Test
  void theIndexEqualsTheTablesWhateverCrashesWithTheLogAsTheFeed() throws Exception {
    execute(Feed.POSTGRESQL);
  }

  @Test
  void theIndexEqualsTheTablesWhateverCrashesWithRabbitmqAsTheFeed() throws Exception {
    execute(Feed.RABBITMQ);
  }

  private void execute(Feed feed) throws Exception {
    var random = new Random(SEED);
    try (var services = PrivateServices.startOwn();
        var tables = new KeyedTables(services.jdbcUrl(), ROWS, SMALL, RATE, random);
        var run = new CompletenessRun(folder, services, feed, tables, random)) {
      run.start();
      long began = System.nanoTime();
      Duration backfill = run.backfill(5, 2);
      double rate = tables.changes() * 1e9 / (System.nanoTime() - began);
      run.requireClean();
      tables.stop();
      int rows = run.requireEqual();
      run.requireClean();
      run.requireFoundAndRepaired(100);
      run.requireClean();
      run.requireEqual();
      System.out.printf(
          "%s: %d rows backfilled in %d s under %.0f changes a second, %d documents equal; seed %d%n",
          feed, ROWS, backfill.toSeconds(), rate, rows, SEED);
    }
  }
}
