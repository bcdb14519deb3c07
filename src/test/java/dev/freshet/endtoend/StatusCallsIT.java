package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who look see while something is down that Freshet needs. */
@Isolated("it counts the threads of this JVM")
class StatusCallsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private static final List<String> CALLS =
      List.of(
          "/freshness",
          "/consumption",
          "/health",
          "/health/readiness",
          "/health/liveness",
          "/freshness/history",
          "/changes/recent",
          "/prometheus",
          "/");

  private static Map<String, Object> properties(TestQueue queue, TestSchema schema) {
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.sink", "pgvector");
    properties.put("freshet.jdbc.url", Services.jdbcUrl());
    properties.put("freshet.jdbc.schema", schema.name());
    return properties;
  }

  private static void index(TestQueue queue, FreshetServer server, int id) throws Exception {
    publish(queue, id);
    await()
        .atMost(PATIENCE)
        .until(() -> server.get("/documents/public.products/" + id).body().contains("\"indexed\""));
    await()
        .atMost(PATIENCE)
        .until(() -> server.get("/freshness").json().at("/tables/0").isObject());
  }

  private static void publish(TestQueue queue, int id) throws Exception {
    String event =
        """
        {"op":"c","after":{"id":%d,"title":"Lamp","description":"Text"},
         "source":{"schema":"public","table":"products","lsn":%d}}
        """
            .formatted(id, id);
    queue.publish(
        List.of(
            new ChangeMessage(
                "public.products", Map.of(), event.getBytes(StandardCharsets.UTF_8))));
  }

  /** Polls as a console does, and keeps to the limit. */
  private static void assertThatEveryCallAnswersInTime(FreshetServer server, int rounds)
      throws InterruptedException {
    long threads = threadsOfTheService();
    for (int round = 0; round < rounds; round++) {
      for (String call : CALLS) {
        Duration took = call(server, call);
        // Whatever hangs here hangs for longer than a busy machine does.
        for (int again = 0; again < 2 && took.compareTo(LIMIT) >= 0; again++) {
          took = call(server, call);
        }
        assertThat(took).as(call).isLessThan(LIMIT);
      }
      Thread.sleep(300);
    }
    assertThat(threadsOfTheService()).as("threads").isLessThan(threads + 10);
  }

  /** Without those by which the test itself calls, and of its proxy. */
  private static long threadsOfTheService() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.startsWith("HttpClient-") && !name.startsWith("tcp-proxy"))
        .count();
  }

  private static Duration call(FreshetServer server, String path) {
    long started = System.nanoTime();
    assertThat(server.get(path).status()).as(path).isIn(200, 503);
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static void tellsThatTheIndexIsSilent(FreshetServer server) {
    JsonNode freshness = server.get("/freshness").json();
    assertThat(freshness.at("/tables/0/documents").asInt()).isEqualTo(1);
    assertThat(freshness.path("notKnown").toString())
        .contains("tables", freshness.path("tablesAsOf").asText());
    assertThat(alarms(server)).contains("index-silent");
  }

  private static void tellsThatTheBrokerIsSilent(FreshetServer server) {
    JsonNode freshness = server.get("/freshness").json();
    assertThat(freshness.at("/freshness/pending").isNull()).isTrue();
    assertThat(freshness.at("/feed/waiting").isNull()).isTrue();
    assertThat(freshness.path("notKnown").toString()).contains("feed.waiting");
    assertThat(alarms(server)).containsAnyOf("feed-silent", "feed-disconnected");
  }

  private static List<String> alarms(FreshetServer server) {
    return server.get("/freshness").json().path("alarms").findValuesAsText("cause");
  }

  @ParameterizedTest
  @ValueSource(strings = {"freshet_document", "freshet_failure", "freshet_watermark"})
  void whileATableOfTheIndexIsLocked(String table) throws Exception {
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var server = FreshetServer.start(properties(queue, schema))) {
      await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
      index(queue, server, 1);
      try (Connection locking = DriverManager.getConnection(Services.jdbcUrl());
          var statement = locking.createStatement()) {
        locking.setAutoCommit(false);
        statement.execute("LOCK TABLE " + schema.name() + "." + table);
        publish(queue, 2);

        assertThatEveryCallAnswersInTime(server, 8);
        if (!table.equals("freshet_watermark")) {
          await().atMost(PATIENCE).untilAsserted(() -> tellsThatTheIndexIsSilent(server));
        }
        locking.rollback();
      }
      await().atMost(PATIENCE).until(() -> alarms(server).isEmpty());
      index(queue, server, 3);
      assertThat(server.get("/freshness").json().path("notKnown")).isEmpty();
    }
  }

  @Test
  void whilePostgresIsSilent() throws Exception {
    URI postgres = URI.create(Services.jdbcUrl().substring("jdbc:".length()));
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var proxy = new TcpProxy(postgres.getHost(), postgres.getPort())) {
      var properties = properties(queue, schema);
      properties.put(
          "freshet.jdbc.url",
          Services.jdbcUrl()
              .replace(
                  postgres.getHost() + ":" + postgres.getPort(),
                  proxy.host() + ":" + proxy.port()));
      try (var server = FreshetServer.start(properties)) {
        await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
        index(queue, server, 1);
        proxy.stall();

        assertThatEveryCallAnswersInTime(server, 8);
        assertThat(alarms(server)).contains("index-silent");
        proxy.resume();
        proxy.cut();
        await().atMost(PATIENCE).until(() -> alarms(server).isEmpty());
      }
    }
  }

  @Test
  void whileTheBrokerIsSilent() throws Exception {
    URI broker = URI.create(Services.rabbitmqUrl());
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var proxy = new TcpProxy(broker.getHost(), broker.getPort())) {
      var properties = properties(queue, schema);
      properties.put(
          "rabbitmq.uri",
          Services.rabbitmqUrl()
              .replace(
                  broker.getHost() + ":" + broker.getPort(), proxy.host() + ":" + proxy.port()));
      try (var server = FreshetServer.start(properties)) {
        await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
        index(queue, server, 1);
        proxy.stall();

        assertThatEveryCallAnswersInTime(server, 8);
        await().atMost(PATIENCE).untilAsserted(() -> tellsThatTheBrokerIsSilent(server));
        proxy.resume();
        proxy.cut();
        await().atMost(PATIENCE).until(() -> alarms(server).isEmpty());
      }
    }
  }
}
