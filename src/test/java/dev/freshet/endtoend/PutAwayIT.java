package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestQueue;
import dev.freshet.support.TestSchema;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that the broker puts away by itself, with the whole service and a real broker. */
@BesideOthers
class PutAwayIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static ChangeMessage product(int id, long lsn) {
    String body =
        """
        {"before":null,"after":{"id":%d,"title":"Product %d","description":"Text"},"op":"c",
         "ts_ms":1700000000000,
         "source":{"connector":"postgresql","name":"shop","db":"d","schema":"public",
          "table":"products","txId":%d,"lsn":%d,"snapshot":"false","ts_ms":1700000000000,
          "sequence":"[\\"%d\\",\\"%d\\"]"}}
        """
            .formatted(id, id, 700 + id, lsn, lsn - 1, lsn);
    return new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, Object> lucene(TestQueue queue) {
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.sink", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    return properties;
  }

  private static void awaitConnected(FreshetServer server) {
    await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).status().connected());
  }

  private static JsonNode search(FreshetServer server, long lsn) {
    var answer =
        server.get(
            "/search?q=product&k=20&timeout=20s&minLsn=0/%X".formatted(lsn).replace(" ", "%20"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  /** They are counted once a second, and from then on kept. */
  private static void awaitFailuresAreCounted(FreshetServer server, long lsn) {
    await()
        .atMost(PATIENCE)
        .until(() -> search(server, lsn).at("/freshness/failedDocuments").isNumber());
  }

  private static String state(FreshetServer server, int id) {
    JsonNode document = server.get("/documents/public.products/" + id).json();
    return document.path("state").asText() + " " + document.at("/failure/reason").asText("").trim();
  }

  private static void publishThatExpires(TestQueue queue, ChangeMessage message) throws Exception {
    queue.publish(message, new BasicProperties.Builder().expiration("1").deliveryMode(2).build());
  }

  @Test
  void whatExpiresFailsBeforeTheWatermarkPassesItAndAReplayMendsIt() throws Exception {
    try (var queue = TestQueue.open();
        var server = FreshetServer.start(lucene(queue))) {
      awaitConnected(server);
      queue.publish(List.of(product(1, 200001)));
      assertThat(search(server, 200000).at("/freshness/exact").asBoolean()).isTrue();
      awaitFailuresAreCounted(server, 200000);

      server.post("/consumption/pause", "");
      publishThatExpires(queue, product(2, 200002));
      publishThatExpires(queue, product(3, 200003));
      queue.publish(List.of(product(4, 200050)));
      server.post("/consumption/resume", "");

      JsonNode found = search(server, 200048);
      assertThat(found.at("/hits")).hasSize(2);
      assertThat(found.at("/freshness/failedDocuments").asInt()).isEqualTo(2);
      assertThat(state(server, 2)).isEqualTo("failed expired");
      assertThat(server.get("/documents/public.products/3?txId=703&timeout=1s").status())
          .isEqualTo(200);
      assertThat(server.get("/freshness").json().at("/watermark/except")).hasSize(2);
      assertThat(server.get("/dead-letters?reason=expired").json().at("/deadLetters")).hasSize(2);

      JsonNode replayed = server.post("/dead-letters/replay", "").json();
      assertThat(replayed.path("succeeded").asInt()).isEqualTo(2);
      assertThat(search(server, 200048).at("/hits")).hasSize(4);
      await()
          .atMost(PATIENCE)
          .until(() -> server.get("/freshness").json().at("/watermark/except").isEmpty());
    }
  }

  @Test
  void whatExpiredWhileFreshetDidNotRunFailsToo() throws Exception {
    try (var queue = TestQueue.open()) {
      try (var server = FreshetServer.start(lucene(queue))) {
        awaitConnected(server);
        queue.publish(List.of(product(1, 200001)));
        search(server, 200000);
      }
      publishThatExpires(queue, product(2, 200002));
      await().atMost(PATIENCE).until(() -> queue.deadLetters() == 1);
      try (var server = FreshetServer.start(lucene(queue))) {
        await().atMost(PATIENCE).until(() -> state(server, 2).equals("failed expired"));
        queue.publish(List.of(product(3, 200050)));
        assertThat(search(server, 200048).at("/freshness/exact").asBoolean()).isTrue();
        // Null until they were counted for the first time.
        await()
            .atMost(PATIENCE)
            .until(() -> search(server, 200048).at("/freshness/failedDocuments").asInt() == 1);
      }
    }
  }

  /** Each lost connection counts as a delivery, as each pause did and each crash does. */
  @Test
  void whatComesBackTooOftenFailsBeforeTheWatermarkPassesIt() throws Exception {
    URI broker = URI.create(Services.rabbitmqUrl());
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var proxy = new TcpProxy(broker.getHost(), broker.getPort())) {
      var properties = new HashMap<>(queue.properties());
      properties.put("freshet.sink", "pgvector");
      properties.put("freshet.jdbc.url", Services.jdbcUrl());
      properties.put("freshet.jdbc.schema", schema.name());
      properties.put(
          "rabbitmq.uri",
          "amqp://%s@%s:%d%s"
              .formatted(broker.getUserInfo(), proxy.host(), proxy.port(), broker.getPath()));
      properties.put("freshet.rabbitmq.retry-delay", "50ms");
      properties.put("freshet.rabbitmq.queue-type", "quorum");
      properties.put("freshet.rabbitmq.queue-arguments.x-delivery-limit", 2);
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        queue.publish(List.of(product(20, 200000)));
        search(server, 199999);
        try (var holder = DriverManager.getConnection(Services.jdbcUrl())) {
          holder.setAutoCommit(false);
          holder
              .createStatement()
              .execute("LOCK TABLE %s.freshet_document".formatted(schema.name()));
          // The lock holds up a batch of this one alone, so that the others can fail.
          queue.publish(List.of(product(1, 200001)));
          await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).held() > 0);
          for (int id = 2; id <= 10; id++) {
            queue.publish(List.of(product(id, 200000 + id)));
          }
          for (int cut = 0; cut < 4; cut++) {
            await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).held() > 0);
            proxy.refuse();
            proxy.cut();
            await().atMost(PATIENCE).until(() -> !isConnected(server));
            proxy.resume();
            awaitConnected(server);
            if (queue.deadLetters() > 0) {
              break;
            }
          }
          await().atMost(PATIENCE).until(() -> queue.deadLetters() > 0);
          holder.rollback();
        }
        queue.publish(List.of(product(11, 200050)));

        JsonNode found = search(server, 200048);
        assertThat(found.at("/freshness/exact").asBoolean()).isTrue();
        assertThat(found.at("/freshness/failedDocuments").asInt()).isPositive();
        // A batch that the lock held may have been committed all the same: it is no exception.
        JsonNode except = server.get("/freshness").json().at("/watermark/except");
        assertThat(found.at("/hits").size() + except.size()).isEqualTo(12);
        assertThat(except).isNotEmpty();
        assertThat(except.at("/0/reason").asText()).isEqualTo("delivery-limit");

        JsonNode replayed = server.post("/dead-letters/replay", "").json();
        assertThat(replayed.path("succeeded").asInt()).isGreaterThanOrEqualTo(except.size());
        assertThat(replayed.path("remaining").asInt()).isZero();
        JsonNode whole = search(server, 200048);
        assertThat(whole.at("/hits")).hasSize(12);
        await()
            .atMost(PATIENCE)
            .until(() -> server.get("/freshness").json().at("/watermark/except").isEmpty());
        assertThat(queue.deadLetters()).isZero();
      }
    }
  }

  private static boolean isConnected(FreshetServer server) {
    return server.bean(ChangeFeed.class).status().connected();
  }

  @Test
  void aPurgeMakesTheWatermarkInexactOverARestartUntilItIsMended() throws Exception {
    try (var queue = TestQueue.open()) {
      try (var server = FreshetServer.start(lucene(queue))) {
        awaitConnected(server);
        queue.publish(List.of(product(1, 200001)));
        search(server, 200000);
        server.post("/consumption/pause", "");
        queue.publish(List.of(product(2, 200002), product(3, 200003)));
        await()
            .atMost(PATIENCE)
            .until(() -> server.get("/freshness").json().at("/freshness/pending").asInt() == 2);
        queue.purge();
        awaitLoss(server);
        server.post("/consumption/resume", "");
        queue.publish(List.of(product(4, 200050)));
        JsonNode freshness = search(server, 200048).at("/freshness");
        assertThat(freshness.path("exact").asBoolean()).isFalse();
        assertThat(freshness.path("note").asText()).contains("purged", "/freshness/losses");
      }
      try (var server = FreshetServer.start(lucene(queue))) {
        awaitLoss(server);
        assertThat(server.delete("/freshness/losses").status()).isEqualTo(204);
        assertThat(server.get("/freshness").json().at("/watermark/lost").isNull()).isTrue();
        await()
            .atMost(PATIENCE)
            .until(() -> server.get("/freshness").json().at("/freshness/exact").asBoolean());
      }
    }
  }

  private static void awaitLoss(FreshetServer server) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode report = server.get("/freshness").json();
              assertThat(report.at("/watermark/lost/messages").asInt()).isEqualTo(2);
              assertThat(report.at("/freshness/exact").asBoolean()).isFalse();
            });
  }
}
