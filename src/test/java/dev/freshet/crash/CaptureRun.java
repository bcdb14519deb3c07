package dev.freshet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.FreshetProcess;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The packaged jar that reads a table's log itself, while one fault after the other befalls it and
 * its database. After each fault the index has to equal the table within {@link #HEALING}, by
 * itself, without a dead letter.
 */
final class CaptureRun implements AutoCloseable {

  static final Duration HEALING = Duration.ofSeconds(90);

  private final SourceDatabase database;
  private final TcpProxy network;
  private final TestIndex index;
  private final LiveTable table;
  private final Instances instances;
  private final Random random;
  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Long> slowest = new TreeMap<>();
  private int comparisons;
  private int marks;

  CaptureRun(Path folder, String server, TestIndex index, Random random) throws Exception {
    this.random = random;
    this.index = index;
    this.database = SourceDatabase.createOn(server, LiveTable.TABLES);
    var address = PrivateServices.address(server);
    this.network = new TcpProxy(address.getHost(), address.getPort());
    this.table = new LiveTable(database, random);
    var environment = new HashMap<>(index.environment());
    environment.put("FRESHET_FEED", "postgresql");
    environment.put(
        "FRESHET_SOURCE_URL",
        database
            .jdbcUrl()
            .replace(
                address.getHost() + ":" + address.getPort(),
                network.host() + ":" + network.port()));
    environment.put("FRESHET_CAPTURE_SLOT", database.name());
    this.instances = new Instances(folder, environment);
  }

  void start(int count) throws Exception {
    table.start();
    await().atMost(HEALING).until(() -> table.commits() > 20);
    for (int i = 0; i < count; i++) {
      instances.add();
    }
  }

  /** Lets so many more transactions commit, at most. */
  void runOn(int most) {
    long wanted = table.commits() + 1 + random.nextInt(most);
    await("the table is written").atMost(HEALING).until(() -> table.commits() >= wanted);
    table.requireHealthy();
  }

  /** {@code kill -9} of one instance in the middle of its work, and its restart. */
  void kill(int instance) throws Exception {
    instances.get(instance).kill();
    instances.restart(instance);
    healed("kill -9");
  }

  void killAtStart(int instance) throws Exception {
    instances.get(instance).kill();
    instances.launchAgain(instance);
    TimeUnit.MILLISECONDS.sleep(random.nextInt(7_000));
    instances.get(instance).kill();
    instances.restart(instance);
    healed("kill -9 at start");
  }

  void terminate(int instance) throws Exception {
    instances.terminate(instance);
    instances.restart(instance);
    healed("SIGTERM");
  }

  /** The instance that reads is killed, and another one that stands by takes its place. */
  void takeOver() throws Exception {
    int reader = reading();
    instances.get(reader).kill();
    int other = 1 - reader;
    long killed = System.nanoTime();
    table.whilePaused(() -> awaitMark(other));
    slowest.merge(
        "take-over",
        Duration.ofNanos(System.nanoTime() - killed).toMillis(),
        (one, another) -> Math.max(one, another));
    instances.restart(reader);
    healed("reader kill -9");
  }

  private int reading() {
    for (int i = 0; i < instances.count(); i++) {
      if (health(i).contains("is read")) {
        return i;
      }
    }
    throw new AssertionError("nobody reads: " + health(0) + health(1));
  }

  private String health(int instance) {
    try {
      return instances.get(instance).get("/health");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void cutSource() throws Exception {
    network.cut();
    healed("connection cut");
  }

  void silenceSource() throws Exception {
    network.blackhole();
    TimeUnit.MILLISECONDS.sleep(6_000 + random.nextInt(6_000));
    network.resume();
    healed("source silent");
  }

  void fault(String name, CrashRun.Action breaking, CrashRun.Action mending) throws Exception {
    breaking.run();
    TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2_000));
    mending.run();
    healed(name);
  }

  private void healed(String fault) throws Exception {
    long ended = System.nanoTime();
    table.whilePaused(
        () -> {
          for (int i = 0; i < instances.count(); i++) {
            if (instances.count() == 1 || health(i).contains("is read")) {
              awaitMark(i);
            }
          }
          if (index.canBeReadWhileFreshetRuns()) {
            await("the index equals the table after " + fault)
                .atMost(HEALING)
                .untilAsserted(() -> assertThat(differences()).isEmpty());
            comparisons++;
          }
        });
    faults.merge(fault, 1, Integer::sum);
    slowest.merge(
        fault,
        Duration.ofNanos(System.nanoTime() - ended).toMillis(),
        (one, another) -> Math.max(one, another));
    requireNoDeadLetters();
    table.requireHealthy();
  }

  /** A search that waits for a commit must find it indexed: the watermark is never ahead. */
  private void awaitMark(int instance) {
    FreshetProcess process = instances.get(instance);
    await("a search behind a commit is answered")
        .atMost(HEALING)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> {
              int id = 1_000 + marks++ % 50;
              LiveTable.Mark mark = table.mark(id);
              String answer =
                  process.get("/search?q=mark&exact=true&k=1&timeout=5s&minLsn=" + mark.lsn());
              assertThat(answer).startsWith("200");
              assertThat(process.get("/documents/public.products/" + id))
                  .contains("\"state\":\"indexed\"", "\"txId\":" + mark.txId());
            });
  }

  private void requireNoDeadLetters() throws Exception {
    for (int i = 0; i < instances.count(); i++) {
      await().atMost(HEALING).until(() -> instances.get(0).get("/dead-letters").startsWith("200"));
      assertThat(instances.get(i).get("/dead-letters")).contains("\"deadLetters\":[]");
    }
  }

  String finish() throws Exception {
    table.close();
    healed("end of the stream");
    for (int i = 0; i < instances.count(); i++) {
      instances.terminate(i);
    }
    List<String> differences = differences();
    comparisons++;
    String report =
        "%d transactions, faults %s, healed at the latest after ms %s, %d comparisons, %d rows, %d that differ"
            .formatted(
                table.commits(),
                faults,
                slowest,
                comparisons,
                table.rows().size(),
                differences.size());
    assertThat(differences).as(report).isEmpty();
    instances.requireNoErrorsInTheLogs();
    return report;
  }

  private List<String> differences() throws Exception {
    Map<String, ?> actual = index.contents();
    Map<String, ?> expected = index.expected(table.rows());
    var ids = new TreeSet<>(actual.keySet());
    ids.addAll(expected.keySet());
    return ids.stream()
        .filter(id -> !Objects.equals(actual.get(id), expected.get(id)))
        .map(id -> "%s is %s, not %s".formatted(id, actual.get(id), expected.get(id)))
        .toList();
  }

  @Override
  public void close() throws SQLException {
    table.close();
    instances.close();
    network.close();
    index.close();
    database.close();
  }
}
