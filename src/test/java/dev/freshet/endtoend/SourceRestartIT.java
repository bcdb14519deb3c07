package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
}
