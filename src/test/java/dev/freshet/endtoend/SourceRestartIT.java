package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.GetResponse;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.TestQueue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source database that was restored, and whose positions therefore start again. */
class SourceRestartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant AFTER = Instant.parse("2026-01-01T01:00:00Z");

  @TempDir private Path folder;

  private static ChangeMessage product(int id, String title, long lsn, Instant committedAt) {
    String body =
        """
        {"op":"u","after":{"id":%d,"title":"%s","description":"Text"},
         "source":{"schema":"public","table":"products","lsn":%d,"ts_ms":%d}}
        """
            .formatted(id, title, lsn, committedAt.toEpochMilli());
    return message(body);
  }

  /** As the first snapshot of a new replication slot reads it. */
  private static ChangeMessage snapshotRead(int id, String title, long lsn, Instant begun) {
    String body =
        """
        {"op":"r","after":{"id":%d,"title":"%s","description":"Text"},
         "source":{"schema":"public","table":"products","lsn":%d,"sequence":"[null,\\"%d\\"]",
                   "ts_ms":%d}}
        """
            .formatted(id, title, lsn, lsn, begun.toEpochMilli());
    return message(body);
  }

  private static ChangeMessage truncation(long lsn, Instant committedAt) {
    return message(
        """
        {"op":"t","source":{"schema":"public","table":"products","lsn":%d,"ts_ms":%d}}
        """
            .formatted(lsn, committedAt.toEpochMilli()));
  }

  /** As Debezium sends it: the source has a name. */
  private static ChangeMessage named(int id, String title, long lsn, Instant committedAt) {
    String body = new String(product(id, title, lsn, committedAt).body(), StandardCharsets.UTF_8);
    return message(body.replace("{\"schema\"", "{\"name\":\"shop\",\"db\":\"d\",\"schema\""));
  }

  private static ChangeMessage message(String body) {
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> properties(TestQueue queue) {
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.sink", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    return properties;
  }

  private static void awaitConnected(FreshetServer server) {
    await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
  }

  private static void awaitState(FreshetServer server, int id, String state) {
    await().atMost(PATIENCE).until(() -> document(server, id).path("state").asText().equals(state));
  }

  private static JsonNode document(FreshetServer server, int id) {
    return server.get("/documents/public.products/" + id).json();
  }

  private static ChangeMessage incomplete(int id, long lsn, Instant committedAt) {
    var whole = product(id, "former", lsn, committedAt);
    String body = new String(whole.body(), StandardCharsets.UTF_8);
    return message(body.replace("\"title\"", "\"caption\""));
  }

  /** The mapping is mended before the replay, so that the old row could be indexed. */
  @Test
  void aDeadLetterOfTheFormerSourceDoesNotWinOverWhatThePresentOneSent() throws Exception {
    try (var queue = TestQueue.open()) {
      var former = properties(queue);
      former.put("freshet.tables.public.products.content", "{title}");
      try (var server = FreshetServer.start(former)) {
        awaitConnected(server);
        queue.publish(List.of(incomplete(42, 500, BEFORE), incomplete(43, 510, BEFORE)));
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 2);
        queue.publish(List.of(product(42, "later", 600, BEFORE)));
        awaitState(server, 42, "indexed");
      }
      var present = properties(queue);
      present.put("freshet.source-epoch", 1);
      present.put("freshet.tables.public.products.content", "{description}");
      try (var server = FreshetServer.start(present)) {
        awaitConnected(server);
        queue.publish(List.of(product(42, "present", 20, AFTER)));
        await()
            .atMost(PATIENCE)
            .until(() -> document(server, 42).path("lsn").asText().equals("0/14"));

        // By hand and by the call: neither makes the old row the newest.
        GetResponse letter = queue.deadLetter();
        assertThat(letter.getProps().getHeaders().get("x-freshet-source-epoch")).hasToString("0");
        var headers = new HashMap<String, String>();
        letter.getProps().getHeaders().forEach((key, value) -> headers.put(key, value.toString()));
        queue.publish(List.of(new ChangeMessage("public.products", headers, letter.getBody())));
        JsonNode replayed = server.post("/dead-letters/replay", "").json();
        assertThat(replayed.path("succeeded").asInt()).isEqualTo(1);
        awaitState(server, 43, "indexed");
        queue.publish(List.of(product(44, "last", 30, AFTER)));
        awaitState(server, 44, "indexed");

        assertThat(document(server, 42).path("lsn").asText()).isEqualTo("0/14");
        queue.publish(List.of(product(43, "present", 40, AFTER)));
        await()
            .atMost(PATIENCE)
            .until(() -> document(server, 43).path("lsn").asText().equals("0/28"));
        assertThat(queue.deadLetters()).isZero();
      }
    }
  }

  @Test
  void itsChangesAreKeptAndReportedUntilTheEpochIsRaisedAndThenIndexed() throws Exception {
    try (var queue = TestQueue.open()) {
      try (var server = FreshetServer.start(properties(queue))) {
        awaitConnected(server);
        queue.publish(List.of(truncation(700, BEFORE), product(1, "old", 900, BEFORE)));
        awaitState(server, 1, "indexed");
        assertThat(server.get("/freshness").json().at("/source/restartSeenAt").isNull()).isTrue();

        queue.publish(
            List.of(
                snapshotRead(1, "read", 10, AFTER),
                product(1, "restored", 20, AFTER),
                product(2, "new", 30, AFTER)));
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 3);

        awaitState(server, 1, "failed");
        assertThat(document(server, 1).at("/failure/reason").asText())
            .isEqualTo("source-restarted");
        awaitState(server, 2, "failed");
        var health = server.get("/health");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.json().at("/details/source/status").asText()).isEqualTo("DOWN");
        assertThat(health.body()).contains("freshet.source-epoch");
        assertThat(server.get("/freshness").json().at("/source/restartSeenAt").asText())
            .isNotEmpty();
        assertThat(server.get("/prometheus").body()).contains("freshet_source_restarted 1.0");
        assertThat(server.get("/search?q=old&mode=keyword").json().path("hits")).hasSize(1);
      }
      var raised = properties(queue);
      raised.put("freshet.source-epoch", 1);
      try (var server = FreshetServer.start(raised)) {
        awaitConnected(server);
        JsonNode replayed = server.post("/dead-letters/replay", "").json();
        assertThat(replayed.path("succeeded").asInt()).isEqualTo(3);
        awaitState(server, 1, "indexed");
        awaitState(server, 2, "indexed");
        assertThat(server.get("/search?q=restored&mode=keyword").json().path("hits")).hasSize(1);
        assertThat(server.get("/health").status()).isEqualTo(200);
        assertThat(queue.deadLetters()).isZero();
      }
    }
  }

  /** The calls are those of docs/operations.md. */
  @Test
  void whatExistedOnlyAtTheFormerSourceIsRemovedByATruncationBeforeTheNewEpoch() throws Exception {
    try (var queue = TestQueue.open()) {
      try (var server = FreshetServer.start(properties(queue))) {
        awaitConnected(server);
        queue.publish(
            List.of(
                product(1, "both", 900, BEFORE),
                product(2, "gone", 910, BEFORE),
                product(3, "gone", 920, BEFORE)));
        awaitState(server, 3, "indexed");
      }
      var raised = properties(queue);
      raised.put("freshet.source-epoch", 1);
      try (var server = FreshetServer.start(raised)) {
        awaitConnected(server);
        queue.publish(List.of(snapshotRead(1, "both", 10, AFTER), product(4, "new", 20, AFTER)));
        awaitState(server, 4, "indexed");
        awaitState(server, 2, "indexed");

        String source =
            "\"source\":{\"connector\":\"postgresql\",\"schema\":\"public\","
                + "\"table\":\"products\",\"lsn\":1}}";
        assertThat(server.post("/events", "{\"op\":\"d\",\"before\":{\"id\":2}," + source).status())
            .isEqualTo(202);
        awaitState(server, 2, "deleted");
        awaitState(server, 3, "indexed");
        assertThat(server.post("/events", "{\"op\":\"t\"," + source).status()).isEqualTo(202);
        awaitState(server, 3, "deleted");
        awaitState(server, 1, "indexed");
        awaitState(server, 4, "indexed");
        queue.publish(List.of(product(2, "back", 30, AFTER)));
        awaitState(server, 2, "indexed");
      }
    }
  }

  /** Its position proves nothing: it must not stop the watermark. */
  @Test
  void anEventThatDoesNotSayWhoseItIsIsNoRestart() throws Exception {
    try (var queue = TestQueue.open();
        var server = FreshetServer.start(properties(queue))) {
      awaitConnected(server);
      queue.publish(List.of(named(1, "First", 30_000, BEFORE)));
      awaitState(server, 1, "indexed");
      queue.publish(List.of(product(1, "By hand", 5, AFTER), named(2, "Second", 30_100, BEFORE)));
      awaitState(server, 2, "indexed");
      await().atMost(PATIENCE).until(() -> queue.deadLetters() == 1);
      var answer = server.get("/search?q=second&minLsn=0/7594&timeout=20s");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(server.get("/health").status()).isEqualTo(200);
    }
  }
}
