package dev.freshet.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.GetResponse;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The captured messages have the shape of those that Debezium Server sent. Alone, because Debezium
 * needs most of a machine while it starts.
 */
@Isolated
class CaptureIT {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String PRODUCTS =
      """
      CREATE TABLE public.products (
        id serial PRIMARY KEY, title text, description text, category text, price numeric(10,2),
        attributes jsonb, tags text[], in_stock boolean, updated_at timestamptz DEFAULT now())
      """;

  private static final String PRODUCT =
      "INSERT INTO products VALUES (%d, 'Pot', 'Boils', 'kitchen', 9.99, '{}', '{x,y}', true)";

  /** What the source does, and the message of the corpus that Debezium Server sent for it. */
  private static final List<Map.Entry<String, List<String>>> STEPS =
      List.of(
          Map.entry(
              PRODUCT.formatted(2), List.of("null-no-default/002-insert-c-public.products.json")),
          Map.entry(
              "INSERT INTO products (id, title, updated_at) VALUES (3, 'nulls', NULL)",
              List.of("null-no-default/003-insert-null-updated_at-c-public.products.json")),
          Map.entry(
              "UPDATE products SET title = 'Pan' WHERE id = 2",
              List.of("null-no-default/004-update-u-public.products.json")),
          Map.entry(
              "UPDATE products SET id = 4 WHERE id = 2",
              List.of(
                  "null-no-default/005-pk-change-d-public.products.json",
                  "null-no-default/006-pk-change-tombstone-public.products.json",
                  "null-no-default/007-pk-change-c-public.products.json")),
          Map.entry(
              "DELETE FROM products WHERE id = 4",
              List.of(
                  "null-no-default/008-delete-d-public.products.json",
                  "null-no-default/009-delete-tombstone-public.products.json")),
          Map.entry(
              "SELECT pg_logical_emit_message(true, 'myprefix', 'hello logical message')",
              List.of("plain/044-message-tx-m-db.message.json")),
          Map.entry(
              "TRUNCATE products", List.of("null-no-default/011-truncate-t-public.products.json")));

  @Test
  void theyHaveTheShapeOfDebeziumServersAndComeInOrder() throws Exception {
    try (var queue = TestQueue.open();
        var source = SourceDatabase.create(PRODUCTS, PRODUCT.formatted(1))) {
      queue.declare();
      try (var capture = Capture.start(source, queue, "public.products")) {
        var captured = new ArrayList<>(take(queue, 1));
        var expected =
            new ArrayList<>(List.of("null-no-default/001-snapshot-r-public.products.json"));
        for (Map.Entry<String, List<String>> step : STEPS) {
          source.execute(step.getKey());
          expected.addAll(step.getValue());
        }
        captured.addAll(take(queue, expected.size() - 1));
        for (int i = 0; i < expected.size(); i++) {
          ChangeMessage like = Corpus.entry(expected.get(i)).message();
          assertThat(shape(captured.get(i))).as(expected.get(i)).isEqualTo(shape(like));
        }
        capture.requireHealthy();
      }
      assertThat(source.isCaptured()).isFalse();
    }
  }

  /** A new version of Debezium may send other days; the decoder knows these. */
  @Test
  void infiniteDatesAreDaysThatNoCalendarHas() throws Exception {
    String infinite = "INSERT INTO dates VALUES (%d, 'infinity', '-infinity')";
    try (var queue = TestQueue.open();
        var source =
            SourceDatabase.create(
                "CREATE TABLE public.dates (id int PRIMARY KEY, last date, first date)",
                infinite.formatted(1))) {
      queue.declare();
      try (var capture = Capture.start(source, queue, "public.dates")) {
        var days = new ArrayList<>(days(take(queue, 1)));
        source.execute(infinite.formatted(2));
        days.addAll(days(take(queue, 1)));
        assertThat(days)
            .containsExactly(
                List.of(-622_191_234L, -625_821_272L), List.of(-2_147_472_692L, -2_147_472_691L));
        capture.requireHealthy();
      }
    }
  }

  private static List<List<Long>> days(List<ChangeMessage> messages) throws Exception {
    var days = new ArrayList<List<Long>>();
    for (ChangeMessage message : messages) {
      JsonNode row = MAPPER.readTree(message.body()).path("after");
      days.add(List.of(row.path("last").asLong(), row.path("first").asLong()));
    }
    return days;
  }

  private static List<ChangeMessage> take(TestQueue queue, int count) throws Exception {
    var messages = new ArrayList<ChangeMessage>();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              for (GetResponse next = queue.take(); next != null; next = queue.take()) {
                messages.add(message(next));
              }
              return messages.size() >= count;
            });
    assertThat(messages).hasSize(count);
    return messages;
  }

  private static ChangeMessage message(GetResponse response) {
    assertThat(response.getProps().getDeliveryMode()).isEqualTo(2);
    var headers = new HashMap<String, String>();
    if (response.getProps().getHeaders() != null) {
      response.getProps().getHeaders().forEach((key, value) -> headers.put(key, value.toString()));
    }
    return new ChangeMessage(response.getEnvelope().getRoutingKey(), headers, response.getBody());
  }

  /** Names and types, but not the values. */
  private static Map<String, Object> shape(ChangeMessage message) throws Exception {
    String body = new String(message.body(), StandardCharsets.UTF_8);
    return Map.of(
        "routingKey",
        message.routingKey(),
        "headers",
        new TreeSet<>(message.headers().keySet()),
        "connector",
        message.headers().getOrDefault("__debezium.context.connectorName", "none"),
        "oldKey",
        message.headers().getOrDefault("__debezium.oldkey", "none").replaceAll("\\d+", "1"),
        "body",
        body.equals("default") ? body : fields(MAPPER.readTree(body)));
  }

  private static Map<String, Object> fields(JsonNode node) {
    var fields = new TreeMap<String, Object>();
    node.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              boolean streamed =
                  field.getKey().equals("snapshot") && value.asText().equals("false");
              // The corpus has no logical message of a source that leaves defaults out.
              fields.put(
                  field.getKey(),
                  value.isObject()
                      ? fields(value)
                      : streamed ? "NULL" : value.getNodeType().toString());
            });
    return fields;
  }
}
