package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The parts of a change event, wherever a form keeps them; a part that is absent is a missing node.
 *
 * @param operation {@code op}: c, u, r, d, t, m
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
