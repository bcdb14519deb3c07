package dev.freshet.sink.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Metadata as every LangChain4j store reads it: texts and numbers. NULLs are left out; booleans,
 * arrays, objects, and integers beyond 64 bits become their JSON texts.
 */
final class FlatMetadata {

  private FlatMetadata() {}

  static ObjectNode of(ObjectNode metadata) {
    ObjectNode flat = JsonNodeFactory.instance.objectNode();
    metadata
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              boolean asIs = value.isTextual() || (value.isNumber() && !beyondLong(value));
              if (asIs) {
                flat.set(field.getKey(), value);
              } else if (!value.isNull()) {
                flat.put(field.getKey(), value.toString());
              }
            });
    return flat;
  }

  private static boolean beyondLong(JsonNode value) {
    return value.isIntegralNumber() && !value.canConvertToLong();
  }
}
