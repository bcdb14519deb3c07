package dev.freshet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.support.FreshetServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A shop whose products are indexed: the service embedded, and the changes of its table. */
final class Shop {

  static final String TABLE = "public.products";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long FIRST_LSN = 0x16B3748;

  private Shop() {}

  /** What a service of its own is configured with, its index in this folder. */
  static Map<String, Object> properties(Path folder) {
    var properties = new HashMap<String, Object>();
    properties.put("freshet.feed", "memory");
    properties.put("freshet.sink", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    properties.put("rabbitmq.enabled", false);
    return properties;
  }

  /** A product's change, committed just now. */
  static String product(int id, int version, String title, String description) {
    ObjectNode event = MAPPER.createObjectNode().put("op", version == 1 ? "c" : "u");
    event
        .putObject("after")
        .put("id", id)
        .put("title", title)
        .put("description", description)
        .put("category", "camping");
    return committed(event, FIRST_LSN + 1000L * id + 56L * version, transaction(id, version));
  }

  /** A product's change, committed just now as the so many-th of all changes of the source. */
  static String inOrder(int number, int id, String title, String description) {
    ObjectNode event = MAPPER.createObjectNode().put("op", "u");
    event
        .putObject("after")
        .put("id", id)
        .put("title", title)
        .put("description", description)
        .put("category", "camping");
    return committed(event, 2 * FIRST_LSN + 120L * number, 700 + number);
  }

  private static String committed(ObjectNode event, long lsn, long transaction) {
    event
        .putObject("source")
        .put("schema", "public")
        .put("table", "products")
        .put("txId", transaction)
        .put("lsn", lsn)
        .put("sequence", "[\"%d\",\"%d\"]".formatted(lsn - 56, lsn))
        .put("ts_ms", System.currentTimeMillis());
    return event.put("ts_ms", System.currentTimeMillis()).toString();
  }

  static long transaction(int id, int version) {
    return 1000L * id + version;
  }

  static void post(FreshetServer server, String event) {
    assertThat(server.post("/events", event).status()).isEqualTo(202);
  }

  static void awaitState(FreshetServer server, int id, String state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                server
                    .get("/documents/" + TABLE + "/" + id)
                    .json()
                    .path("state")
                    .asText()
                    .equals(state));
  }

  /** A change that becomes a dead letter as long as the model is not mended. */
  static void postDeadLetter(FreshetServer server, int id, String title) {
    post(server, product(id, 1, title, MendableModel.REFUSED_WORD));
    awaitState(server, id, "failed");
  }
}
