package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;

/**
 * The CloudEvents form: the source block is spread over attributes, {@code data} holds the rows,
 * with their schema or without.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/integrations/cloudevents.html">
 *     Exporting CloudEvents</a>
 */
final class CloudEvent {

  private static final String PREFIX = "iodebezium";

  private CloudEvent() {}

  static boolean matches(JsonNode payload) {
    return payload.has("specversion") && payload.has("type") && payload.has("data");
  }

  static RawChange decode(JsonNode event) {
    JsonNode operation = event.path(PREFIX + "op");
    if (!operation.isTextual()) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE,
          "the CloudEvent has no attribute " + PREFIX + "op; only Debezium's are understood");
    }
    JsonNode data = event.path("data");
    boolean wrapped = data.has("payload") && data.has("schema");
    JsonNode rows = wrapped ? data.path("payload") : data;
    return new RawChange(
        operation.asText(),
        rows.path("before"),
        rows.path("after"),
        source(event),
        wrapped ? data.path("schema") : MissingNode.getInstance(),
        MissingNode.getInstance());
  }

  private static ObjectNode source(JsonNode event) {
    ObjectNode source = JsonNodeFactory.instance.objectNode();
    source.set("connector", event.path(PREFIX + "connector"));
    source.set("name", event.path(PREFIX + "name"));
    source.set("db", event.path(PREFIX + "db"));
    source.set("schema", event.path(PREFIX + "schema"));
    source.set("table", event.path(PREFIX + "table"));
    source.set("txId", event.path(PREFIX + "txId"));
    source.set("lsn", event.path(PREFIX + "lsn"));
    source.set("sequence", event.path(PREFIX + "sequence"));
    source.set("ts_ms", event.path(PREFIX + "tsms"));
    source.set("ts_us", event.path(PREFIX + "tsus"));
    return source;
  }
}
