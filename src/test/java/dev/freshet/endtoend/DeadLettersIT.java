package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.RecordedLlamaService;
import dev.freshet.support.Services;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's tools for what went wrong, with the whole service and real servers. */
class DeadLettersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String UNAVAILABLE = "__debezium_unavailable_value";
  private static final String REPLAY_1 = "/dead-letters/replay?table=public.products&key=1";

  @TempDir private Path folder;

  private static ChangeMessage product(int id, String description, long lsn) {
    String body =
        """
        {"op":"u","after":{"id":%d,"title":"a secret","description":"%s"},
         "source":{"schema":"public","table":"products","lsn":%d}}
        """
            .formatted(id, description, lsn);
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static void awaitConnected(FreshetServer server) {
    await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
  }

  private static JsonNode document(FreshetServer server, int id) {
    return server.get("/documents/public.products/" + id).json();
  }

  private static void awaitState(FreshetServer server, int id, String state, String lsn) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode document = document(server, id);
              assertThat(document.path("state").asText()).isEqualTo(state);
              assertThat(document.path("lsn").asText()).isEqualTo(lsn);
            });
  }

  private Map<String, Object> properties(
      String sink, TestQueue queue, TestSchema schema, RecordedLlamaService service) {
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.sink", sink);
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.jdbc.url", Services.jdbcUrl());
    properties.put("freshet.jdbc.schema", schema.name());
    properties.put("freshet.http.url", service.url().toString());
    return properties;
  }

  /** The first configuration names a column that some rows lack; the second is mended. */
  @ParameterizedTest
  @ValueSource(strings = {"pgvector", "lucene", "http"})
  void aDeadLetterIsSeenExplainedAndReplayedAndANewerSuccessHealsByItself(String sink)
      throws Exception {
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var service = RecordedLlamaService.start()) {
      var properties = properties(sink, queue, schema, service);
      properties.put("freshet.tables.public.products.content", "{title} {subtitle}");
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);

        queue.publish(List.of(product(1, "d", 20), product(2, "d", 21)));
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 2);
        awaitState(server, 1, "failed", "null");
        assertThat(document(server, 1).at("/failure/olderSearchable").asBoolean()).isFalse();
        var listed = server.get("/dead-letters?key=1");
        assertThat(listed.body()).doesNotContain("secret");
        assertThat(listed.json().path("deadLetters")).hasSize(1);
        assertThat(listed.json().at("/deadLetters/0/reason").asText()).isEqualTo("missing-column");
        assertThat(listed.json().at("/deadLetters/0/lsn").asText()).isEqualTo("0/14");

        queue.publish(List.of(withSubtitle(1, 10), withSubtitle(2, 30)));
        awaitState(server, 1, "failed", "0/A");
        JsonNode failure = document(server, 1).path("failure");
        assertThat(failure.path("reason").asText()).isEqualTo("missing-column");
        assertThat(failure.path("olderSearchable").asBoolean()).isTrue();
        assertThat(failure.path("replay").asText()).isEqualTo("POST " + REPLAY_1);
        awaitState(server, 2, "indexed", "0/1E");
        assertThat(document(server, 2).path("failure").isNull()).isTrue();
        assertThat(server.post(REPLAY_1, "").json().path("failed").asInt()).isEqualTo(1);
      }

      properties.put("freshet.tables.public.products.content", "{title}");
      try (var server = FreshetServer.start(properties)) {
        awaitState(server, 1, "failed", "0/A");
        assertThat(server.post(REPLAY_1, "").json().path("succeeded").asInt()).isEqualTo(1);
        awaitState(server, 1, "indexed", "0/14");
        JsonNode rest = server.post("/dead-letters/replay", "").json();
        assertThat(rest.path("stale").asInt()).isEqualTo(1);
        awaitState(server, 2, "indexed", "0/1E");
        assertThat(queue.deadLetters()).isZero();
      }
    }
  }

  private static ChangeMessage withSubtitle(int id, long lsn) {
    return product(id, "d\",\"subtitle\":\"s", lsn);
  }

  @Test
  void aValueThatArrivesLateHealsTheDeadLetterThatLackedIt() throws Exception {
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var service = RecordedLlamaService.start()) {
      var properties = properties("lucene", queue, schema, service);
      properties.put("freshet.indexing.unavailable-value-patience", "1ms");
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        queue.publish(List.of(product(1, UNAVAILABLE, 20)));
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 1);
        awaitState(server, 1, "failed", "0/14");
        assertThat(document(server, 1).at("/failure/reason").asText())
            .isEqualTo("unavailable-value");
        assertThat(document(server, 1).at("/failure/olderSearchable").asBoolean()).isFalse();

        queue.publish(List.of(product(1, "the value", 10)));
        awaitState(server, 1, "indexed", "0/14");
        assertThat(server.post(REPLAY_1, "").json().path("stale").asInt()).isEqualTo(1);
        assertThat(queue.deadLetters()).isZero();
      }
    }
  }

  @Test
  void whileTheSinkIsDownAReplayKeepsEverythingAndADiscardedOneIsGone() throws Exception {
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var service = RecordedLlamaService.start();
        var server = FreshetServer.start(properties("http", queue, schema, service))) {
      awaitConnected(server);
      service.answerFor("1", RecordedLlamaService.Answer.of(422));
      queue.publish(List.of(product(1, "refused", 20)));
      await().atMost(PATIENCE).until(() -> queue.deadLetters() == 1);

      service.answerAll(RecordedLlamaService.Answer.of(503));
      assertThat(server.post("/dead-letters/replay", "").status()).isEqualTo(503);
      assertThat(queue.deadLetters()).isEqualTo(1);

      service.answerFor("1", RecordedLlamaService.Answer.of(422));
      JsonNode again = server.post("/dead-letters/replay", "").json();
      assertThat(again.path("failed").asInt()).isEqualTo(1);
      assertThat(queue.deadLetters()).isEqualTo(1);
      awaitState(server, 1, "failed", "null");

      String id = server.get("/dead-letters").json().at("/deadLetters/0/id").asText();
      assertThat(server.get("/dead-letters/" + id).json().path("body").asText())
          .contains("a secret");
      assertThat(server.delete("/dead-letters/" + id).status()).isEqualTo(204);
      assertThat(server.delete("/dead-letters/" + id).status()).isEqualTo(404);
      assertThat(queue.deadLetters()).isZero();
      awaitState(server, 1, "unknown", "null");
    }
  }

  @Test
  void aConnectionThatBreaksDuringAReplayLosesNothing() throws Exception {
    URI broker = URI.create(Services.rabbitmqUrl());
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var service = RecordedLlamaService.start();
        var proxy = new TcpProxy(broker.getHost(), broker.getPort())) {
      var properties = properties("http", queue, schema, service);
      properties.put(
          "rabbitmq.uri",
          "amqp://%s@%s:%d/".formatted(broker.getUserInfo(), proxy.host(), proxy.port()));
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        service.answerFor("1", RecordedLlamaService.Answer.of(422));
        queue.publish(List.of(product(1, "refused", 20)));
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 1);

        service.forgetCalls();
        var slow = RecordedLlamaService.Answer.of(200).after(Duration.ofSeconds(2));
        service.answer(call -> Optional.of(slow));
        var replay = CompletableFuture.supplyAsync(() -> server.post("/dead-letters/replay", ""));
        await().atMost(PATIENCE).until(() -> !service.calls().isEmpty());
        proxy.cut();

        assertThat(replay.join().status()).isEqualTo(503);
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 1);
        awaitState(server, 1, "indexed", "0/14");
        JsonNode again = server.post("/dead-letters/replay", "").json();
        assertThat(again.path("stale").asInt()).isEqualTo(1);
        assertThat(queue.deadLetters()).isZero();
      }
    }
  }
}
