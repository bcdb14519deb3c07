package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names and values of events and of searches are data, whatever they look like: each is found by
 * itself, finds nothing else, and does no harm.
 */
class InjectionIT {

  private static final List<String> HOSTILE =
      List.of(
          "' OR '1'='1",
          "x') OR true --",
          "'; DROP TABLE freshet_segment; DELETE FROM freshet_document; --",
          "\" OR \"a\"=\"a",
          "\\' OR 1=1 /*",
          "$$; SELECT pg_sleep(30); $$",
          "x' AND (SELECT 1 FROM pg_sleep(30)) IS NOT NULL --",
          ":filter0 :limit :table",
          "? ?? ::text",
          "<columns> ${model} %s %1$s",
          "*:* OR title:[* TO *]",
          "a*b?c~ \\* \\",
          "../../etc/passwd",
          "{title}",
          "\r\nERROR forged",
          "e\u0301 \u202e \ud83d\ude00");

  private final JsonNodeFactory json = JsonNodeFactory.instance;

  @TempDir private Path folder;

  @Test
  void onPgvector() throws Exception {
    try (var schema = new TestSchema()) {
      attack(
          Map.of(
              "freshet.sink", "pgvector",
              "freshet.jdbc.url", Services.jdbcUrl(),
              "freshet.jdbc.schema", schema.name()));
    }
  }

  @Test
  void onLucene() {
    attack(Map.of("freshet.sink", "lucene"));
  }

  private void attack(Map<String, Object> sink) {
    var properties = new HashMap<>(sink);
    properties.put("freshet.feed", "memory");
    properties.put("rabbitmq.enabled", false);
    properties.put("freshet.data-dir", folder.toString());
    try (var server = FreshetServer.start(properties)) {
      for (String hostile : HOSTILE) {
        assertThat(server.post("/events", event("public", "products", hostile, hostile)).status())
            .isEqualTo(202);
        assertThat(server.post("/events", event("public", hostile, "1", "harmless")).status())
            .isEqualTo(202);
      }
      assertThat(server.post("/events", event("public", "last", "1", "harmless")).status())
          .isEqualTo(202);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> state(server, "public.last", "1").equals("indexed"));

      for (String hostile : HOSTILE) {
        assertThat(state(server, "public.products", key(hostile))).as(hostile).isEqualTo("indexed");
        assertThat(state(server, "public." + hostile, "1")).as(hostile).isEqualTo("indexed");
        assertThat(found(server, "&filter=" + encoded(equality(hostile, hostile))))
            .as("by the column and the value %s", hostile)
            .containsExactly("public.products/" + key(hostile));
        assertThat(found(server, "&filter=" + encoded("\"title\" = " + text(hostile))))
            .as("by the value %s", hostile)
            .containsExactly("public.products/" + key(hostile));
        assertThat(
                found(
                    server,
                    "&filter="
                        + encoded(
                            "category >= "
                                + text(hostile)
                                + " and title != 'x' and category = 'none'")))
            .as("in a comparison with %s", hostile)
            .isEmpty();
        assertThat(found(server, "&table=" + encoded("public." + hostile)))
            .as("in the table %s", hostile)
            .containsExactly("public." + escaped(hostile) + "/1");
        for (String mode : List.of("keyword", "hybrid")) {
          assertThat(server.get("/search?mode=" + mode + "&q=" + encoded(hostile)).status())
              .as("mode %s, q %s", mode, hostile)
              .isEqualTo(200);
        }
      }
      assertThat(found(server, "&k=100")).hasSize(2 * HOSTILE.size() + 1);
      assertThat(server.get("/health").status()).isEqualTo(200);
    }
  }

  /** A row whose title, and a column of a hostile name, have the value. */
  private String event(String schema, String table, String id, String value) {
    ObjectNode row = json.objectNode().put("id", id).put("title", value).put("category", "tents");
    row.put(value, value);
    ObjectNode event = json.objectNode().put("op", "c");
    event.set("after", row);
    event.set("source", json.objectNode().put("schema", schema).put("table", table));
    return event.toString();
  }

  private static String equality(String column, String value) {
    return "\"" + column.replace("\"", "\"\"") + "\" = " + text(value);
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** In an id the table's name ends at the first slash that is not escaped. */
  private static String escaped(String table) {
    return table.replace("\\", "\\\\").replace("/", "\\/");
  }

  private static String key(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,");
  }

  private static String encoded(String text) {
    return FreshetServer.encode(text).replace("+", "%20");
  }

  private static String state(FreshetServer server, String table, String key) {
    JsonNode document = server.get("/documents/" + encoded(table) + "/" + encoded(key)).json();
    return document.path("state").asText();
  }

  private static Set<String> found(FreshetServer server, String scope) {
    var answer = server.get("/search?q=tent" + scope);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    var ids = new TreeSet<String>();
    answer.json().path("hits").forEach(hit -> ids.add(hit.path("documentId").asText()));
    return ids;
  }
}
