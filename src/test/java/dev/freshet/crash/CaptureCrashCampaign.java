package dev.freshet.crash;

import dev.freshet.support.PrivateServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many crashes of everything, in random order, while the source's log is read without a broker. It
 * needs what {@link CrashCampaign} needs, and takes the same properties: {@code
 * -Dtest=CaptureCrashCampaign -Dtest.excluded.groups=}.
 */
@Tag("campaign")
class CaptureCrashCampaign {

  private static final int KILLS = Integer.getInteger("test.kills", 50);
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @TempDir private Path folder;

  /** Source and index are databases of one server, whose kills hit both. */
  @Test
  void pgvectorEqualsTheTableWhateverCrashes() throws Exception {
    try (var services = PrivateServices.startOwn();
        var run = run(services, new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl()))) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS, () -> run.kill(0));
      add(faults, KILLS / 5, () -> run.killAtStart(0));
      add(faults, KILLS / 10, () -> run.terminate(0));
      add(faults, KILLS / 5, () -> killPostgres(services, run));
      add(faults, KILLS / 5, run::cutSource);
      add(faults, KILLS / 5, run::silenceSource);
      execute("capture to pgvector", run, 1, faults);
    }
  }

  @Test
  void luceneEqualsTheTableWhateverCrashes() throws Exception {
    try (var services = PrivateServices.startOwn();
        var run = run(services, new LuceneIndex(folder.resolve("data")))) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS / 2, () -> run.kill(0));
      add(faults, KILLS / 10, () -> run.killAtStart(0));
      add(faults, KILLS / 10, () -> run.terminate(0));
      add(faults, KILLS / 10, () -> killPostgres(services, run));
      add(faults, KILLS / 10, run::cutSource);
      execute("capture to lucene", run, 1, faults);
    }
  }

  @Test
  void twoInstancesEqualTheTableWhicheverCrashes() throws Exception {
    try (var services = PrivateServices.startOwn();
        var run = run(services, new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl()))) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS / 5, run::takeOver);
      add(faults, KILLS / 10, () -> run.kill(0));
      add(faults, KILLS / 10, () -> killPostgres(services, run));
      add(faults, KILLS / 10, run::cutSource);
      execute("two instances on one slot", run, 2, faults);
    }
  }

  private static void killPostgres(PrivateServices services, CaptureRun run) throws Exception {
    run.fault("PostgreSQL kill -9", services::killPostgres, services::startPostgres);
  }

  private static void add(List<CrashRun.Action> faults, int count, CrashRun.Action fault) {
    faults.addAll(Collections.nCopies(count, fault));
  }

  private static void execute(
      String name, CaptureRun run, int instances, List<CrashRun.Action> faults) throws Exception {
    Collections.shuffle(faults, new Random(SEED));
    long started = System.nanoTime();
    run.start(instances);
    for (int i = 0; i < faults.size(); i++) {
      run.runOn(200);
      faults.get(i).run();
      System.out.printf("%s: fault %d of %d%n", name, i + 1, faults.size());
    }
    System.out.printf(
        "%s: %s; seed %d, %d s%n",
        name, run.finish(), SEED, Duration.ofNanos(System.nanoTime() - started).toSeconds());
  }

  private CaptureRun run(PrivateServices services, TestIndex index) throws Exception {
    System.out.printf("CaptureCrashCampaign -Dtest.seed=%d -Dtest.kills=%d%n", SEED, KILLS);
    return new CaptureRun(folder, services.jdbcUrl(), index, new Random(SEED));
  }
}
