package dev.freshet.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.support.PrivateServices;
import dev.freshet.support.SimulatedSource;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
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
 * a dead letter; only a process that the test ended is started again.
 */
final class CrashRun implements AutoCloseable {

  /** How long after a fault's end its traces may last. */
  static final Duration HEALING = Duration.ofSeconds(60);

  /** A queue that keeps copies on several nodes, and puts what is given back at its end. */
  static final Map<String, String> QUORUM = Map.of("FRESHET_RABBITMQ_QUEUE_TYPE", "quorum");

  private static final Duration NOTICING = Duration.ofSeconds(40);
  private static final int HEARTBEAT_SECONDS = 2;

  private final Random random;
  private final SimulatedSource source;
  private final TestQueue queue;
  private final TestIndex index;
  private final TcpProxy network;
  private final ChangeStream stream;
  private final Instances instances;
  private final Figures figures = new Figures();

  CrashRun(
      Path folder,
      SimulatedSource source,
      String brokerUrl,
      TestIndex index,
      Map<String, String> settings,
      Random random)
      throws IOException {
    this.random = random;
    this.source = source;
    this.index = index;
    this.queue = TestQueue.open(brokerUrl);
    var address = PrivateServices.address(brokerUrl);
    this.network = new TcpProxy(address.getHost(), address.getPort());
    this.stream = new ChangeStream(source, brokerUrl, queue, random);
    var environment = new HashMap<>(queue.environment());
    environment.putAll(index.environment());
    environment.putAll(settings);
    environment.remove("RABBITMQ_URI");
    environment.put(
        "RABBITMQ_URL",
        "amqp://%s@%s:%d/?heartbeat=%d"
            .formatted(address.getUserInfo(), network.host(), network.port(), HEARTBEAT_SECONDS));
    this.instances = new Instances(folder, environment);
  }

  /** Starts so many instances, and then the stream. */
  void start(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      instances.add();
    }
    stream.start();
  }

  /** Lets so many more messages be published, at most, and all but some hundred be consumed. */
  void runOn(int mostMessages) {
    long wanted = stream.published() + 1 + random.nextInt(mostMessages);
    await("the stream goes on").atMost(HEALING).until(() -> stream.published() >= wanted);
  }

  /**
   * {@code kill -9} of one instance in the middle of its work, and its restart. The source is
   * silent from the kill on: later versions would cover up for those that are lost.
   */
  void kill(int instance) throws Exception {
    var unused =
        stream.whilePaused(
            () -> {
              long before = queue.waiting();
              instances.get(instance).kill();
              await().atMost(NOTICING).until(() -> queue.consumers() == instances.count() - 1);
              figures.givenBack(Math.max(0, queue.waiting() - before));
              instances.restart(instance);
              healed("kill -9", System.nanoTime());
              return instance;
            });
  }

  /** {@code kill -9} while the instance starts: it may be anywhere between nothing and work. */
  void killAtStart(int instance) throws Exception {
    instances.get(instance).kill();
    instances.launchAgain(instance);
    TimeUnit.MILLISECONDS.sleep(random.nextInt(6_000));
    instances.get(instance).kill();
    instances.restart(instance);
    healed("kill -9 at start", System.nanoTime());
  }

  void terminate(int instance) throws Exception {
    instances.terminate(instance);
    instances.restart(instance);
    healed("SIGTERM", System.nanoTime());
  }

  /**
   * Replaces one instance after the other, as a deployment does, while the source writes on. At any
   * time another instance answers searches.
   */
  void roll() throws Exception {
    for (int instance = 0; instance < instances.count(); instance++) {
      instances.terminate(instance);
      for (int other = 0; other < instances.count(); other++) {
        if (other != instance) {
          assertThat(instances.get(other).get("/search?q=text")).startsWith("200");
        }
      }
      instances.restart(instance);
    }
    healed("rolling restart", System.nanoTime());
  }

  /** Every connection to the broker breaks; new ones can be made at once. */
  void cutBroker() throws Exception {
    network.cut();
    healed("connection cut", System.nanoTime());
  }

  /** The network to the broker falls silent for longer than the heartbeat. */
  void silenceBroker() throws Exception {
    fault("broker silent", network::blackhole, network::resume);
  }

  /** What is done to a server or to a network. */
  interface Action {
    void run() throws Exception;
  }

  /**
   * Breaks something, waits until the health of every instance says so, and mends it some time
   * later.
   */
  void fault(String name, Action breaking, Action mending) throws Exception {
    breaking.run();
    instances.awaitHealth("503");
    TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
    mending.run();
    long mended = System.nanoTime();
    instances.awaitHealth("200");
    healed(name, mended);
  }

  /** Waits until all that was written is indexed, and compares where that is possible. */
  private void healed(String fault, long ended) throws Exception {
    var unused =
        stream.whilePaused(
            () -> {
              if (instances.count() == 1) {
                awaitProbe(fault);
              }
              if (index.canBeReadWhileFreshetRuns()) {
                awaitEqual(fault);
              }
              figures.healed(fault, Duration.ofNanos(System.nanoTime() - ended));
              assertThat(queue.deadLetterReasons()).as("dead letters after " + fault).isEmpty();
              assertThat(stream.failure()).isNull();
              return fault;
            });
  }

  /** One instance works in order: what was written last is indexed last. */
  private void awaitProbe(String fault) {
    String probe = stream.probe();
    await("what was written before is indexed after " + fault)
        .atMost(HEALING)
        .until(() -> instances.get(0).get("/documents/" + probe).contains("\"indexed\""));
  }

  /**
   * Others may hold what was written before: another instance, or the ghost of a connection that
   * the broker has not yet noticed to be gone; that comes back later than what is new.
   */
  private void awaitEqual(String fault) throws Exception {
    await("the index equals the tables after " + fault)
        .atMost(HEALING)
        .untilAsserted(() -> assertThat(differences()).isEmpty());
    figures.compared();
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
    instances.requireNoErrorsInTheLogs();
    return report;
  }

  /** The last instance gets what the others held, and nothing is left when it is done. */
  private boolean drain() throws Exception {
    for (int other = 1; other < instances.count(); other++) {
      instances.terminate(other);
    }
    await().atMost(NOTICING).until(() -> queue.consumers() == 1);
    awaitProbe("the end of the stream");
    stream.close();
    instances.terminate(0);
    long left = left();
    for (int again = 0; left > 0 && again < 3; again++) {
      // SIGTERM gives back what was delivered and not begun.
      instances.restart(0);
      await().atMost(NOTICING).until(() -> queue.waiting() == 0);
      instances.terminate(0);
      left = left();
    }
    // Without a consumer, what was not acknowledged is waiting.
    assertThat(left).as("messages left").isZero();
    return true;
  }

  /** The broker puts back what a connection held a moment after that is gone. */
  private long left() throws Exception {
    TimeUnit.SECONDS.sleep(1);
    return queue.waiting();
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

  @Override
  public void close() throws IOException, SQLException {
    stream.close();
    instances.close();
    network.close();
    index.close();
    queue.close();
  }
}
