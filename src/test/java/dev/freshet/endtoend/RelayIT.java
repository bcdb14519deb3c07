package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.GetResponse;
import dev.freshet.support.BesideOthers;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.PrivateServices;
import dev.freshet.support.Services;
import dev.freshet.support.SourceDatabase;
import dev.freshet.support.TcpProxy;
import dev.freshet.support.TestQueue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the log is published to the exchange, too, as Debezium Server would. */
@BesideOthers
class RelayIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path folder;

  private SourceDatabase source;
  private TestQueue queue;
  private TcpProxy network;
  private FreshetServer server;

  @BeforeEach
  void createSource() throws Exception {
    source =
        SourceDatabase.create(
            "CREATE TABLE products (id int PRIMARY KEY, title text, description text)",
            "INSERT INTO products VALUES (1, 'Old lamp', 'There before the capture')");
    queue = TestQueue.open();
    URI broker = PrivateServices.address(Services.rabbitmqUrl());
    network = new TcpProxy(broker.getHost(), broker.getPort());
  }

  @AfterEach
  void dropSource() throws Exception {
    if (server != null) {
      server.close();
    }
    network.close();
    queue.close();
    source.close();
  }

  private FreshetServer start() {
    URI broker = PrivateServices.address(Services.rabbitmqUrl());
    var properties = new HashMap<>(queue.properties());
    properties.put("freshet.feed", "postgresql");
    properties.put("freshet.capture.publish", "rabbitmq");
    properties.put("freshet.rabbitmq.timeout", "2s");
    properties.put(
        "rabbitmq.uri",
        Services.rabbitmqUrl()
            .replace(
                broker.getHost() + ":" + broker.getPort(), network.host() + ":" + network.port()));
    properties.put("freshet.store", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("freshet.source.url", source.jdbcUrl());
    properties.put("freshet.capture.slot", "s" + source.name());
    properties.put("freshet.tables.public.products.key", "id");
    return FreshetServer.start(Map.copyOf(properties));
  }

  private List<GetResponse> awaitMessages(int count) {
    List<GetResponse> messages = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              for (var next = queue.take(); next != null; next = queue.take()) {
                if (next.getEnvelope().getRoutingKey().equals("public.products")) {
                  messages.add(next);
                }
              }
              return messages.size() >= count;
            });
    return messages;
  }

  private static JsonNode json(GetResponse message) throws IOException {
    return MAPPER.readTree(message.getBody()).path("payload");
  }

  private String confirmed() throws SQLException {
    try (var connection = source.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 's%s'"
                        .formatted(source.name()))) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  @Test
  void everyChangeIsPublishedInItsOrderAndIndexed() throws Exception {
    queue.declare();
    server = start();
    List<GetResponse> messages = awaitMessages(1);
    source.execute(
        "INSERT INTO products VALUES (2, 'Wool blanket', 'Warm')",
        "UPDATE products SET title = 'Brass lamp' WHERE id = 1",
        "DELETE FROM products WHERE id = 2");

    messages.addAll(awaitMessages(3));

    List<String> changes = new ArrayList<>();
    for (GetResponse message : messages) {
      JsonNode envelope = json(message);
      JsonNode row = envelope.path(envelope.path("after").isNull() ? "before" : "after");
      changes.add(envelope.path("op").asText() + row.path("id").asText());
      assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
      // A read proves nothing, and loses to every change.
      assertThat(envelope.path("source").path("sequence").isTextual())
          .isNotEqualTo(envelope.path("op").asText().equals("r"));
    }
    assertThat(changes).containsExactly("r1", "c2", "u1", "d2");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(server.get("/documents/public.products/2").body()).contains("\"deleted\"");
              assertThat(server.get("/health").status()).isEqualTo(200);
            });
  }

  @Test
  void theSlotWaitsForWhatTheBrokerDoesNotTake() throws Exception {
    queue.declare();
    server = start();
    awaitMessages(1);
    network.refuse();
    network.cut();
    source.execute("INSERT INTO products VALUES (3, 'Cup', 'Published late')");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              // The index does not wait for the broker.
              assertThat(server.get("/documents/public.products/3").body()).contains("\"indexed\"");
              var health = server.get("/health");
              assertThat(health.status()).isEqualTo(503);
              assertThat(health.body()).contains("takes no changes");
            });
    String before = confirmed();
    server.close();
    assertThat(confirmed()).isEqualTo(before);

    network.resume();
    server = start();

    // The first row may come again: that it was published is noted later.
    await()
        .atMost(PATIENCE)
        .until(
            () -> json(awaitMessages(1).get(0)).path("after").path("title").asText().equals("Cup"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.get("/health").status()).isEqualTo(200));
  }

  @Test
  void whatNoQueueTakesIsPublishedAgainOnceOneDoes() throws Exception {
    server = start();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(server.get("/health").body())
                    .contains("no queue takes the routing key 'public.products'"));

    queue.declare();

    List<GetResponse> messages = awaitMessages(1);
    assertThat(json(messages.get(0)).path("op").asText()).isEqualTo("r");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.get("/health").status()).isEqualTo(200));
  }
}
