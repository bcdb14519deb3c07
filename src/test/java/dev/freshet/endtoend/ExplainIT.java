package dev.freshet.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.support.FreshetServer;
import dev.freshet.support.RecordedLlamaService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service explains, with the real model. */
class ExplainIT {

  private static final String PATH = "/documents/public.products/";

  @TempDir private Path folder;

  private FreshetServer start(Map<String, Object> sink) {
    var properties = new HashMap<String, Object>(sink);
    properties.put("freshet.feed", "memory");
    properties.put("rabbitmq.enabled", false);
    properties.put("freshet.data-dir", folder.toString());
    return FreshetServer.start(properties);
  }

  private static void index(FreshetServer server, int id, String title, String category) {
    String event =
        """
        {"op": "c", "after": {"id": %d, "title": "%s", "category": "%s"},
         "source": {"schema": "public", "table": "products"}}
        """
            .formatted(id, title, category);
    assertThat(server.post("/events", event).status()).isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> server.get(PATH + id).json().path("state").asText(),
            state -> state.equals("indexed"));
  }

  private static JsonNode explain(FreshetServer server, int id, String query) {
    return server.get(PATH + id + "/explain?" + query).json();
  }

  @Test
  void aLocalIndexTellsWhereADocumentStands() {
    try (var server = start(Map.of("freshet.sink", "lucene"))) {
      index(server, 1, "Espresso maker", "camping");
      index(server, 2, "Wool socks", "clothes");

      JsonNode found = explain(server, 1, "q=coffee&k=1");
      JsonNode below = explain(server, 2, "q=coffee&k=1");
      JsonNode filtered = explain(server, 2, "q=coffee&filter=category+%3D+camping");
      JsonNode unmatched = explain(server, 2, "q=espresso&mode=keyword");

      assertThat(found.path("verdict").asText()).isEqualTo("found");
      assertThat(found.path("rank").asInt()).isEqualTo(1);
      assertThat(below.path("verdict").asText()).isEqualTo("below-k");
      assertThat(below.path("rank").asInt()).isEqualTo(2);
      assertThat(below.path("lastScore")).isEqualTo(found.path("score"));
      assertThat(filtered.path("reason").asText())
          .isEqualTo(
              "The filter leaves it out: category = camping does not hold, its category is"
                  + " clothes.");
      assertThat(unmatched.path("verdict").asText()).isEqualTo("no-match");
      assertThat(explain(server, 3, "q=coffee").path("verdict").asText()).isEqualTo("unknown");
      assertThat(server.get(PATH + 1).json().path("embedded").asInt()).isEqualTo(1);
    }
  }

  @Test
  void httpModeTellsWhatTheLedgerKnowsAndWhyItCannotTellMore() throws Exception {
    try (var service = RecordedLlamaService.start();
        var server =
            start(
                Map.of(
                    "freshet.sink",
                    "http",
                    "freshet.http.url",
                    service.url().toString(),
                    "freshet.http.document-id",
                    "table-key"))) {
      index(server, 1, "Espresso maker", "camping");

      var answer = server.get(PATH + "1/explain?q=coffee");

      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.json().path("detail").asText())
          .contains("LlamaIndex service", "does not tell how it ranks");
      assertThat(explain(server, 2, "q=coffee").path("verdict").asText()).isEqualTo("unknown");
      JsonNode stored = server.get(PATH + 1).json();
      assertThat(stored.path("embeddedAt").isNull()).isTrue();
      assertThat(stored.path("embedded").isNull()).isTrue();
      JsonNode tables = server.get("/freshness").json().path("tables");
      assertThat(tables).hasSize(1);
      assertThat(tables.path(0).path("table").asText()).isEqualTo("public.products");
    }
  }
}
