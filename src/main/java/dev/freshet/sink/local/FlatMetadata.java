package dev.freshet.sink.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Metadata as every LangChain4j store reads it: texts, numbers and booleans. NULLs are left out,
 * arrays and objects become their JSON text, and so does an integer beyond 64 bits.
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
              if (value.isContainerNode() || (value.isBigInteger() && !value.canConvertToLong())) {
                flat.put(field.getKey(), value.toString());
              } else if (!value.isNull()) {
                flat.set(field.getKey(), value);
              }
            });
    return flat;
  }
}
