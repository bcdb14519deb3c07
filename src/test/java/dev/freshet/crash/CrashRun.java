package dev.freshet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.FreshetProcess;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.SimulatedSource;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The packaged jar under a stream of changes, while one fault after the other befalls it. After
 * each fault everything that was written before has to be indexed within {@link #HEALING}, without
 * a dead letter; only a process that the test killed is started again.
 */
final class CrashRun implements AutoCloseable {

  /** How long after a fault's end its traces may last. */
  static final Duration HEALING = Duration.ofSeconds(60);

  private static final Duration NOTICING = Duration.ofSeconds(40);
  private static final Duration ENDING = Duration.ofSeconds(30);
  private static final int HEARTBEAT_SECONDS = 2;

  private final Path folder;
  private final Random random;
  private final SimulatedSource source;
  private final TestQueue queue;
  private final TestIndex index;
  private final TcpProxy broker;
  private final ChangeStream stream;
  private final Figures figures = new Figures();
  private final List<FreshetProcess> processes = new ArrayList<>();

  CrashRun(Path folder, SimulatedSource source, String brokerUrl, TestIndex index, Random random)
      throws IOException {
    this.folder = folder;
    this.random = random;
    this.source = source;
    this.index = index;
    this.queue = TestQueue.open(brokerUrl);
    var address = PrivateServices.address(brokerUrl);
    this.broker = new TcpProxy(address.getHost(), address.getPort());
    this.stream = new ChangeStream(source, brokerUrl, queue, random);
  }

  /** Starts so many instances, and the stream once the first one has declared the queue. */
  void start(int instances) throws Exception {
    for (int i = 0; i < instances; i++) {
      processes.add(launch(i));
      awaitHealth(processes.get(i), "200");
    }
    stream.start();
  }

  private FreshetProcess launch(int instance) throws IOException {
    var environment = new HashMap<>(queue.environment());
    environment.putAll(index.environment());
    var address = PrivateServices.address(queue.environment().get("RABBITMQ_URL"));
    environment.put(
        "RABBITMQ_URL",
        "amqp://%s@%s:%d/?heartbeat=%d"
            .formatted(address.getUserInfo(), broker.host(), broker.port(), HEARTBEAT_SECONDS));
    environment.remove("RABBITMQ_URI");
    // A quicker start leaves more time for faults.
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx512m -XX:TieredStopAtLevel=1");
    Path home = Files.createDirectories(folder.resolve("instance-" + instance));
    return FreshetProcess.start(home, environment);
  }

  /** Lets the stream go on for a random time. */
  void runOn(int mostMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(mostMillis));
  }

  /** {@code kill -9} of one instance in the middle of its work, and its restart. */
  void kill(int instance) throws Exception {
    long waitedBefore =
        stream.whilePaused(
            () -> {
              long before = queue.waiting();
              processes.get(instance).kill();
              return before;
            });
    figures.givenBack(givenBack(waitedBefore));
    restart(instance);
    healed("kill -9", System.nanoTime());
  }

  /** {@code kill -9} while the instance starts: it may be anywhere between nothing and work. */
  void killAtStart(int instance) throws Exception {
    processes.get(instance).kill();
    processes.set(instance, launch(instance));
    runOn(6_000);
    processes.get(instance).kill();
    restart(instance);
    healed("kill -9 at start", System.nanoTime());
  }

  void terminate(int instance) throws Exception {
    assertThat(processes.get(instance).terminate(ENDING)).isTrue();
    restart(instance);
    healed("SIGTERM", System.nanoTime());
  }

  /** How many messages the broker got back from a dead consumer. */
  private long givenBack(long waitedBefore) throws Exception {
    return stream.whilePaused(
        () -> {
          await().atMost(NOTICING).until(() -> queue.consumers() == processes.size() - 1);
          return Math.max(0, queue.waiting() - waitedBefore);
        });
  }

  private void restart(int instance) throws Exception {
    processes.set(instance, launch(instance));
    awaitHealth(processes.get(instance), "200");
  }

  /** What is done to a server or to the network. */
  interface Action {
    void run() throws Exception;
  }

  /**
   * Breaks something, waits until every instance's health says so, and some time more, and mends
   * it.
   */
  void fault(String name, Action breaking, Action mending) throws Exception {
    breaking.run();
    for (FreshetProcess process : processes) {
      awaitHealth(process, "503");
    }
    runOn(2_000);
    mending.run();
    long mended = System.nanoTime();
    for (FreshetProcess process : processes) {
      awaitHealth(process, "200");
    }
    healed(name, mended);
  }

  /** Every connection to the broker breaks; new ones can be made at once. */
  void cutBroker() throws Exception {
    broker.cut();
    healed("connection cut", System.nanoTime());
  }

  TcpProxy brokerNetwork() {
    return broker;
  }

  /** Waits until all that was written is indexed, and compares where that is possible. */
  private void healed(String fault, long ended) throws Exception {
    var unused =
        stream.whilePaused(
            () -> {
              if (processes.size() == 1) {
                awaitProbe(fault);
              }
              // Several instances are done in no order, so that a single row tells nothing of them.
              if (index.canBeReadWhileFreshetRuns()) {
                awaitEqual(fault);
                figures.compared();
              }
              figures.healed(fault, Duration.ofNanos(System.nanoTime() - ended));
              assertThat(queue.deadLetters()).as("dead letters after " + fault).isZero();
              assertThat(stream.failure()).isNull();
              return fault;
            });
  }

  private void awaitEqual(String fault) throws Exception {
    if (processes.size() > 1) {
      await("the index equals the tables after " + fault)
          .atMost(HEALING)
          .until(() -> differences().isEmpty());
    }
    assertThat(differences()).as("documents that differ after " + fault).isEmpty();
  }

  private void awaitProbe(String fault) {
    String probe = stream.probe();
    await("what was written before is indexed after " + fault)
        .atMost(HEALING)
        .until(() -> processes.get(0).get("/documents/" + probe).contains("\"indexed\""));
  }

  /** Ends the stream and Freshet; the index then has to equal the source. */
  String finish() throws Exception {
    var unused = stream.whilePaused(this::drain);
    List<String> differences = differences();
    figures.compared();
    long deadLetters = queue.deadLetters();
    String report = figures.report(stream, deadLetters, differences.size(), source.rows().size());
    assertThat(differences).as(report).isEmpty();
    assertThat(deadLetters).as(report).isZero();
    assertThat(stream.failure()).isNull();
    for (FreshetProcess process : processes) {
      assertThat(process.log()).doesNotContain(" ERROR ").doesNotContain("Exception in thread");
    }
    return report;
  }

  /** The last instance gets what the others held, and nothing is left when it is done. */
  private boolean drain() throws Exception {
    for (FreshetProcess other : processes.subList(1, processes.size())) {
      assertThat(other.terminate(ENDING)).isTrue();
    }
    await().atMost(NOTICING).until(() -> queue.consumers() == 1);
    awaitProbe("the end of the stream");
    stream.close();
    assertThat(processes.get(0).terminate(ENDING)).isTrue();
    // Without a consumer, what was not acknowledged would be waiting.
    assertThat(queue.waiting()).as("messages left").isZero();
    return true;
  }

  private List<String> differences() throws Exception {
    Map<String, ?> actual = index.contents();
    Map<String, ?> expected = index.expected(source.rows());
    var ids = new TreeSet<>(actual.keySet());
    ids.addAll(expected.keySet());
    return ids.stream()
        .filter(id -> !Objects.equals(actual.get(id), expected.get(id)))
        .map(id -> "%s is %s, not %s".formatted(id, actual.get(id), expected.get(id)))
        .toList();
  }

  private static void awaitHealth(FreshetProcess process, String status) throws Exception {
    await("health " + status)
        .atMost(NOTICING.plus(HEALING))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> process.get("/health").startsWith(status));
  }

  @Override
  public void close() throws IOException, SQLException {
    stream.close();
    processes.forEach(FreshetProcess::close);
    broker.close();
    index.close();
    queue.close();
  }
}
