package dev.freshet.endtoend;

import static org.awaitility.Awaitility.await;

import dev.freshet.support.DebeziumServer;
import dev.freshet.support.FreshetProcess;
import dev.freshet.support.FreshetServer.Answer;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The feed {@code postgresql} beside Debezium Server with RabbitMQ: the same table, the same load,
 * one after the other, in turns. It needs the packaged jar and an unpacked Debezium Server: {@code
 * -Dtest=FeedComparison -Dtest.excluded.groups= -Dtest.debezium=FOLDER -Dtest.debezium.java=JAVA}.
 * {@code -Dtest.seconds} is for each load, {@code -Dtest.rounds} how often.
 */
@Tag("campaign")
class FeedComparison {

  private static final int SECONDS = Integer.getInteger("test.seconds", 30);
  private static final int ROUNDS = Integer.getInteger("test.rounds", 3);
  private static final int PRODUCTS = 500;
  private static final double PROBES = 4;
  private static final double[] RATES = {PROBES, 100, 500};
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void bothFeedsUnderTheSameLoad() throws Exception {
    Path distribution = Path.of(System.getProperty("test.debezium"));
    Path java = Path.of(System.getProperty("test.debezium.java"));
    try (var services = PrivateServices.startOwn()) {
      for (int round = 1; round <= ROUNDS; round++) {
        postgresql(services, round);
        rabbitmq(services, round, distribution, java);
      }
    }
  }

  private static SourceDatabase source(PrivateServices services) throws Exception {
    return SourceDatabase.createOn(
        services.jdbcUrl(),
        "CREATE TABLE products (id bigint PRIMARY KEY, title text, description text, price int, stock int)",
        """
        INSERT INTO products SELECT id, 'Product ' || id, 'Something of use to someone.', id, 0
        FROM generate_series(1, %d) id
        """
            .formatted(PRODUCTS));
  }

  /** The index is in the source's own database, with either feed. */
  private static Map<String, String> environment(SourceDatabase source) {
    var environment = new HashMap<String, String>();
    environment.put("FRESHET_JDBC_URL", source.jdbcUrl());
    environment.put("FRESHET_JDBC_SCHEMA", "freshet");
    environment.put("FRESHET_SOURCE_URL", source.jdbcUrl());
    return environment;
  }

  private void postgresql(PrivateServices services, int round) throws Exception {
    Path home = Files.createDirectories(folder.resolve("postgresql-" + round));
    try (var source = source(services)) {
      var environment = environment(source);
      environment.put("FRESHET_FEED", "postgresql");
      environment.put("FRESHET_CAPTURE_SLOT", source.name());
      try (var freshet = FreshetProcess.start(home, environment)) {
        measure("postgresql", round, source, freshet, Map.of());
        freshet.terminate(PATIENCE);
      }
    }
  }

  private void rabbitmq(PrivateServices services, int round, Path distribution, Path java)
      throws Exception {
    Path home = Files.createDirectories(folder.resolve("rabbitmq-" + round));
    try (var source = source(services);
        var queue = TestQueue.open(services.rabbitmqUrl())) {
      var environment = environment(source);
      environment.putAll(queue.environment());
      try (var freshet = FreshetProcess.start(home, environment)) {
        await()
            .atMost(PATIENCE)
            .until(() -> get(freshet, "/health").status() == 200 && queue.consumers() > 0);
        try (var debezium =
            DebeziumServer.start(
                distribution, java, home, source, source.name().substring(0, 20), queue)) {
          measure("rabbitmq", round, source, freshet, Map.of("Debezium Server", debezium.handle()));
        }
        freshet.terminate(PATIENCE);
      }
    }
  }

  private void measure(
      String feed,
      int round,
      SourceDatabase source,
      FreshetProcess freshet,
      Map<String, ProcessHandle> others)
      throws Exception {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                get(freshet, "/documents/public.products/" + PRODUCTS)
                    .body()
                    .contains("\"state\":\"indexed\""));
    var processes = new LinkedHashMap<String, ProcessHandle>();
    processes.put("Freshet", ProcessHandle.of(freshet.pid()).orElseThrow());
    processes.putAll(others);
    try (var probe =
        new LatencyProbe(
            source, path -> get(freshet, path), ProductChanges.UNCHANGED_TEXT, false)) {
      for (double rate : RATES) {
        Map<String, Duration> before = processorTimes(processes);
        long started = System.nanoTime();
        double written;
        probe.forget();
        try (var writers =
            new Writers(source, rate - PROBES, ProductChanges.UNCHANGED_TEXT.over(PRODUCTS))) {
          probe(probe, started);
          writers.requireHealthy();
          written = writers.sustained();
        }
        report(feed, round, written, probe, before, processorTimes(processes), started);
      }
    }
  }

  private static void probe(LatencyProbe probe, long started) throws Exception {
    long end = started + TimeUnit.SECONDS.toNanos(SECONDS);
    long next = started;
    while (System.nanoTime() < end) {
      next += (long) (1e9 / PROBES);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      if (!probe.measure()) {
        throw new AssertionError("a change did not come within 30 s");
      }
    }
  }

  private static void report(
      String feed,
      int round,
      double written,
      LatencyProbe probe,
      Map<String, Duration> before,
      Map<String, Duration> after,
      long started) {
    double seconds = (System.nanoTime() - started) / 1e9;
    var shares = new StringBuilder();
    double sum = 0;
    for (var process : after.entrySet()) {
      double share =
          process.getValue().minus(before.getOrDefault(process.getKey(), Duration.ZERO)).toMillis()
              / 10.0
              / seconds;
      sum += share;
      shares.append(", %s %.0f %%".formatted(process.getKey(), share));
    }
    System.out.printf(
        "round %d, %s, %.0f changes a second beside %d probes: commit to hit p50 / p95 / p99 / max"
            + " %s ms by the client, %s ms by the source; processor %.0f %% of one%s%n",
        round,
        feed,
        written,
        probe.byClient().count(),
        probe.byClient(),
        probe.bySource(),
        sum,
        shares);
  }

  /** Those of the servers include what the load itself makes PostgreSQL do. */
  private static Map<String, Duration> processorTimes(Map<String, ProcessHandle> processes) {
    var times = new LinkedHashMap<String, Duration>();
    processes.forEach((name, process) -> times.put(name, processorTime(process)));
    times.put("PostgreSQL", processorTime("postgres"));
    times.put("RabbitMQ", processorTime("rabbitmq"));
    return times;
  }

  private static Duration processorTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static Duration processorTime(String user) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> process.info().user().filter(user::equals).isPresent())
          .map(FeedComparison::processorTime)
          .reduce(Duration.ZERO, Duration::plus);
    }
  }

  private Answer get(FreshetProcess freshet, String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + freshet.port() + path)).build();
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
