package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.GetResponse;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in production, with the whole service and real servers. */
class FaultsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static ChangeMessage message(String body) {
    return new ChangeMessage(
        "public.products",
        Map.of("traceparent", "00-aaaa-bbbb-01"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static ChangeMessage product(int id, long lsn) {
    return message(
        """
        {"op":"c","after":{"id":%d,"title":"Product %d","description":"Text"},
         "source":{"schema":"public","table":"products","lsn":%d}}
        """
            .formatted(id, id, lsn));
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

  private static void awaitIndexed(FreshetServer server, int id) {
    await()
        .atMost(PATIENCE)
        .until(() -> server.get("/documents/public.products/" + id).body().contains("\"indexed\""));
  }

  @Test
  void aFaultyMessageIsDeadLetteredWithItsReasonAndTheOthersGoOn() throws Exception {
    try (var queue = TestQueue.open()) {
      try (var server = FreshetServer.start(lucene(queue))) {
        awaitConnected(server);
        String keyless =
            "{\"op\":\"c\",\"after\":{\"id\":null,\"title\":\"secret\",\"description\":null},"
                + "\"source\":{\"schema\":\"public\",\"table\":\"products\",\"lsn\":3}}";
        queue.publish(
            List.of(product(1, 1), message("{\"broken"), message(keyless), product(2, 4)));
        awaitIndexed(server, 1);
        awaitIndexed(server, 2);
        await().atMost(PATIENCE).until(() -> queue.deadLetters() == 2);
      }
      assertThat(queue.waiting()).isZero();
      var reasons = new TreeMap<String, String>();
      for (int i = 0; i < 2; i++) {
        GetResponse dead = queue.deadLetter();
        Map<String, Object> headers = dead.getProps().getHeaders();
        reasons.put(
            headers.get("x-freshet-reason").toString(),
            new String(dead.getBody(), StandardCharsets.UTF_8));
        assertThat(headers.get("x-freshet-detail").toString())
            .isNotBlank()
            .doesNotContain("secret");
        assertThat(Instant.parse(headers.get("x-freshet-failed-at").toString()))
            .isBefore(Instant.now());
        assertThat(headers.get("traceparent").toString()).isEqualTo("00-aaaa-bbbb-01");
      }
      assertThat(reasons).containsOnlyKeys("missing-key", "undecodable");
      assertThat(reasons.get("undecodable")).isEqualTo("{\"broken");
    }
  }

  /** Each time that a quorum queue gets a message back counts towards its delivery limit. */
  @Test
  void manyPausesCostNoMessageItsDeliveriesWhileTheSinkWorks() throws Exception {
    try (var queue = TestQueue.open()) {
      var properties = lucene(queue);
      properties.put("freshet.rabbitmq.queue-type", "quorum");
      properties.put("freshet.rabbitmq.queue-arguments.x-delivery-limit", 20);
      properties.put("freshet.indexing.batch-size", 1);
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        // More than one batch in flight for each pause: given back each time, they would be lost.
        int last = 40;
        queue.publish(IntStream.rangeClosed(1, last).mapToObj(id -> product(id, id)).toList());
        for (int pause = 0; pause < 25; pause++) {
          server.post("/consumption/pause", "");
          server.post("/consumption/resume", "");
        }
        for (int id = 1; id <= last; id++) {
          awaitIndexed(server, id);
        }
        await().atMost(PATIENCE).until(() -> server.bean(ChangeFeed.class).held() == 0);
      }
      assertThat(queue.waiting()).isZero();
      assertThat(queue.deadLetters()).isZero();
    }
  }

  @Test
  void whilePostgresIsDownMessagesWaitAndNoneIsDeadLettered() throws Exception {
    URI postgres = URI.create(Services.jdbcUrl().substring("jdbc:".length()));
    try (var queue = TestQueue.open();
        var schema = new TestSchema();
        var proxy = new TcpProxy(postgres.getHost(), postgres.getPort())) {
      var properties = new HashMap<>(queue.properties());
      properties.put("freshet.sink", "pgvector");
      properties.put(
          "freshet.jdbc.url",
          Services.jdbcUrl()
              .replace(
                  postgres.getHost() + ":" + postgres.getPort(),
                  proxy.host() + ":" + proxy.port()));
      properties.put("freshet.jdbc.schema", schema.name());
      properties.put("freshet.jdbc.timeout", "1s");
      properties.put("freshet.indexing.retry-initial", "50ms");
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        queue.publish(List.of(product(1, 1)));
        awaitIndexed(server, 1);

        proxy.refuse();
        proxy.cut();
        queue.publish(List.of(product(2, 2)));
        await().atMost(PATIENCE).until(() -> server.get("/health").status() == 503);
        assertThat(server.get("/health").body()).contains("PostgreSQL");
        assertThat(server.get("/search?q=product").status()).isEqualTo(503);

        proxy.resume();
        awaitIndexed(server, 2);
        await().atMost(PATIENCE).until(() -> server.get("/health").status() == 200);
      }
      assertThat(queue.waiting()).isZero();
      assertThat(queue.deadLetters()).isZero();
    }
  }

  @Test
  void whileTheLlamaIndexServiceIsDownMessagesWaitAndNoneIsDeadLettered() throws Exception {
    try (var queue = TestQueue.open();
        var service = RecordedLlamaService.start()) {
      var properties = lucene(queue);
      properties.put("freshet.sink", "http");
      properties.put("freshet.http.url", service.url().toString());
      properties.put("freshet.indexing.retry-initial", "50ms");
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        service.answerAll(RecordedLlamaService.Answer.of(503));
        queue.publish(List.of(product(1, 1), product(2, 2)));
        await().atMost(PATIENCE).until(() -> server.get("/health").status() == 503);
        await()
            .atMost(PATIENCE)
            .until(() -> server.get("/consumption").body().contains("\"stalled\""));
        assertThat(
                server.get("/health").json().at("/details/consumption/details/waitsFor").asText())
            .isEqualTo("The sink");
        assertThat(server.get("/prometheus").body()).contains("freshet_indexing_stalled 1");
        assertThat(service.documents()).isEmpty();

        service.recover();
        await().atMost(PATIENCE).until(() -> service.documents().keySet().equals(Set.of("1", "2")));
      }
      assertThat(queue.waiting()).isZero();
      assertThat(queue.deadLetters()).isZero();
    }
  }

  @Test
  void whatIsPublishedDuringAPauseWaitsAndIsIndexedAfterIt() throws Exception {
    try (var queue = TestQueue.open()) {
      var properties = lucene(queue);
      properties.put("freshet.indexing.paused", true);
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        assertThat(server.get("/consumption").body()).contains("freshet.indexing.paused is true");
        queue.publish(List.of(product(1, 1)));
        assertThat(server.post("/events", text(product(2, 2))).status()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> queue.waiting() == 2);
        assertThat(server.get("/freshness").json().at("/feed/waiting").asInt()).isEqualTo(2);
        assertThat(server.get("/health").status()).isEqualTo(200);
        assertThat(server.get("/documents/public.products/1").body()).contains("\"unknown\"");

        assertThat(server.post("/consumption/resume", "").status()).isEqualTo(200);
        awaitIndexed(server, 1);
        awaitIndexed(server, 2);

        assertThat(server.post("/consumption/pause", "").json().path("state").asText())
            .isEqualTo("paused");
        queue.publish(List.of(product(3, 3)));
        await().atMost(PATIENCE).until(() -> queue.waiting() == 1);
      }
      assertThat(queue.waiting()).isOne();
    }
  }

  @Test
  void aBrokerThatComesLateIsWaitedFor() throws Exception {
    URI broker = URI.create(Services.rabbitmqUrl());
    try (var queue = TestQueue.open();
        var proxy = new TcpProxy(broker.getHost(), broker.getPort())) {
      var properties = lucene(queue);
      properties.put(
          "rabbitmq.uri",
          "amqp://%s@%s:%d/".formatted(broker.getUserInfo(), proxy.host(), proxy.port()));
      properties.put("freshet.rabbitmq.retry-delay", "50ms");
      proxy.refuse();
      try (var server = FreshetServer.start(properties)) {
        assertThat(server.get("/health").status()).isEqualTo(503);
        assertThat(server.get("/health/liveness").status()).isEqualTo(200);
        assertThat(server.get("/health/readiness").status()).isEqualTo(200);
        assertThat(server.get("/search?q=product").status()).isEqualTo(200);
        assertThat(server.post("/events", text(product(1, 1))).status()).isEqualTo(503);

        proxy.resume();
        awaitConnected(server);
        queue.publish(List.of(product(1, 1)));
        awaitIndexed(server, 1);

        proxy.cut();
        queue.publish(List.of(product(2, 2)));
        awaitIndexed(server, 2);
      }
      assertThat(queue.waiting()).isZero();
    }
  }

  @Test
  void anEventThatNoQueueTakesIsAnErrorToItsCaller() throws Exception {
    try (var queue = TestQueue.open()) {
      var properties = lucene(queue);
      properties.put("freshet.rabbitmq.routing-keys", "public.products.#");
      try (var server = FreshetServer.start(properties)) {
        awaitConnected(server);
        assertThat(server.post("/events", text(product(1, 1))).status()).isEqualTo(202);
        awaitIndexed(server, 1);
        var refused = server.post("/events", text(product(1, 1)).replace("products", "orders"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("public.orders");
      }
    }
  }

  private static String text(ChangeMessage message) {
    return new String(message.body(), StandardCharsets.UTF_8);
  }
}
