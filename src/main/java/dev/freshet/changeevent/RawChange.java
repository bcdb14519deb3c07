package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The parts of a change event, wherever a form keeps them; a part that is absent is a missing node.
 *
 * @param operation {@code op}: c, u, r, d, t, m, or {@link #UNSTATED}
 * @param source the {@code source} block
 * @param schema the envelope's Kafka Connect schema
 * @param capturedMillis the envelope's {@code ts_ms}
 */
record RawChange(
    String operation,
    JsonNode before,
    JsonNode after,
    JsonNode source,
    JsonNode schema,
    JsonNode capturedMillis) {

  /** A flattened row that does not say whether it was changed or read by a snapshot. */
  static final String UNSTATED = "unstated";

  static RawChange ofEnvelope(JsonNode payload, JsonNode schema) {
    return new RawChange(
        payload.path("op").asText(),
        payload.path("before"),
        payload.path("after"),
        payload.path("source"),
        schema,
        payload.path("ts_ms"));
  }

  /** The schema of {@code before} or {@code after}. */
  JsonNode rowSchema(String part) {
    for (JsonNode field : schema.path("fields")) {
      if (field.path("field").asText().equals(part)) {
        return field;
      }
    }
    return MissingNode.getInstance();
  }
}
