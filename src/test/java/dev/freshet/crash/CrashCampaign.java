package dev.freshet.crash;

import dev.freshet.support.PrivateServices;
import dev.freshet.support.SimulatedSource;
import dev.freshet.support.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many crashes of everything, in random order, under a stream of changes. It needs the packaged jar
 * and {@code scripts/services} (Debian 12, root). Run it with {@code -Dtest=CrashCampaign
 * -Dtest.excluded.groups=}; {@code -Dtest.kills} says how many kills of Freshet, {@code
 * -Dtest.seed} repeats a run's choices.
 */
@Tag("campaign")
class CrashCampaign {

  private static final int KILLS = Integer.getInteger("test.kills", 50);
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  private static PrivateServices services;

  @TempDir private Path folder;

  @BeforeAll
  static void startServices() throws IOException {
    System.out.printf("CrashCampaign -Dtest.seed=%d -Dtest.kills=%d%n", SEED, KILLS);
    services = PrivateServices.startOwn();
  }

  @AfterAll
  static void stopServices() throws IOException {
    services.close();
  }

  @Test
  void pgvectorEqualsTheTablesWhateverCrashes() throws Exception {
    var postgres = PrivateServices.address(services.jdbcUrl());
    try (var network = new TcpProxy(postgres.getHost(), postgres.getPort());
        var run = run(new PgvectorIndex(services.jdbcUrl(), over(network, services.jdbcUrl())))) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS, () -> run.kill(0));
      add(faults, KILLS / 10, () -> run.killAtStart(0));
      add(faults, KILLS / 10, () -> run.terminate(0));
      add(faults, KILLS / 5, () -> killPostgres(run));
      add(faults, KILLS / 5, () -> killRabbitmq(run));
      add(faults, KILLS / 5, run::cutBroker);
      add(faults, KILLS / 5, run::silenceBroker);
      add(
          faults,
          KILLS / 10,
          () -> run.fault("PostgreSQL silent", network::blackhole, network::resume));
      execute("pgvector", run, 1, faults);
    }
  }

  @Test
  void luceneEqualsTheTablesWhateverCrashes() throws Exception {
    try (var run = run(new LuceneIndex(folder.resolve("data")))) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS / 2, () -> run.kill(0));
      add(faults, KILLS / 10, () -> run.killAtStart(0));
      add(faults, KILLS / 10, () -> run.terminate(0));
      add(faults, KILLS / 10, () -> killRabbitmq(run));
      execute("lucene", run, 1, faults);
    }
  }

  @Test
  void theLlamaIndexServiceEqualsTheTablesWhateverCrashes() throws Exception {
    try (var run = run(new LlamaIndex(folder.resolve("data")))) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS / 2, () -> run.kill(0));
      add(faults, KILLS / 10, () -> run.killAtStart(0));
      add(faults, KILLS / 10, () -> run.terminate(0));
      add(faults, KILLS / 10, () -> killRabbitmq(run));
      execute("http", run, 1, faults);
    }
  }

  /** Competing consumers finish in no order, and a value left out may be in the other instance. */
  @Test
  void twoInstancesOnOneQueueEqualTheTablesWhicheverCrashes() throws Exception {
    try (var run = run(new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl()))) {
      var faults = new ArrayList<CrashRun.Action>();
      for (int instance = 0; instance < 2; instance++) {
        int one = instance;
        add(faults, KILLS / 5, () -> run.kill(one));
        add(faults, KILLS / 10, () -> run.terminate(one));
      }
      add(faults, KILLS / 10, () -> killPostgres(run));
      add(faults, KILLS / 10, () -> killRabbitmq(run));
      add(faults, KILLS / 10, run::cutBroker);
      add(faults, KILLS / 10, run::roll);
      execute("two instances on pgvector", run, 2, faults);
    }
  }

  @Test
  void aQuorumQueueLosesNothingWhateverCrashes() throws Exception {
    try (var run =
        run(new PgvectorIndex(services.jdbcUrl(), services.jdbcUrl()), CrashRun.QUORUM)) {
      var faults = new ArrayList<CrashRun.Action>();
      add(faults, KILLS / 2, () -> run.kill(0));
      add(faults, KILLS / 10, () -> run.killAtStart(0));
      add(faults, KILLS / 10, () -> run.terminate(0));
      add(faults, KILLS / 10, () -> killRabbitmq(run));
      add(faults, KILLS / 10, run::cutBroker);
      add(faults, KILLS / 10, run::silenceBroker);
      execute("quorum queue on pgvector", run, 1, faults);
    }
  }

  private static void killPostgres(CrashRun run) throws Exception {
    run.fault("PostgreSQL kill -9", services::killPostgres, services::startPostgres);
  }

  private static void killRabbitmq(CrashRun run) throws Exception {
    run.fault("RabbitMQ kill -9", services::killRabbitmq, services::startRabbitmq);
  }

  private static void add(List<CrashRun.Action> faults, int count, CrashRun.Action fault) {
    faults.addAll(Collections.nCopies(count, fault));
  }

  private static void execute(
      String name, CrashRun run, int instances, List<CrashRun.Action> faults) throws Exception {
    Collections.shuffle(faults, new Random(SEED));
    long started = System.nanoTime();
    run.start(instances);
    for (int i = 0; i < faults.size(); i++) {
      run.runOn(800);
      faults.get(i).run();
      System.out.printf("%s: fault %d of %d%n", name, i + 1, faults.size());
    }
    System.out.printf(
        "%s: %s; seed %d, %d s%n",
        name, run.finish(), SEED, Duration.ofNanos(System.nanoTime() - started).toSeconds());
  }

  private CrashRun run(TestIndex index) throws IOException {
    return run(index, Map.of());
  }

  private CrashRun run(TestIndex index, Map<String, String> settings) throws IOException {
    return new CrashRun(
        folder,
        SimulatedSource.leavingOutLargeValues(SEED),
        services.rabbitmqUrl(),
        index,
        settings,
        new Random(SEED));
  }

  private static String over(TcpProxy network, String jdbcUrl) {
    var address = PrivateServices.address(jdbcUrl);
    return jdbcUrl.replace(
        address.getHost() + ":" + address.getPort(), network.host() + ":" + network.port());
  }
}
