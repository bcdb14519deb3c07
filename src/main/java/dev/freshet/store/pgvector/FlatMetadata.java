package dev.freshet.store.pgvector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;

/**
 * What the view {@code freshet_segment} shows otherwise than the metadata is, because LangChain4j's
 * reader knows texts and numbers only: booleans, arrays, objects, and integers beyond 64 bits
 * become their JSON texts; reserved keys tell which document a segment is of. The view leaves out
 * NULLs.
 */
final class FlatMetadata {

  private static final String DOCUMENT_ID = "freshet_document_id";
  private static final String TABLE = "freshet_table";

  private FlatMetadata() {}

  static ObjectNode of(DocumentId id, ObjectNode metadata) {
    ObjectNode flat = JsonNodeFactory.instance.objectNode();
    metadata
        .properties()
        .forEach(
            column -> {
              JsonNode value = column.getValue();
              boolean readable = value.isTextual() || (value.isNumber() && !beyondLong(value));
              if (!readable && !value.isNull()) {
                flat.put(column.getKey(), value.toString());
              }
            });
    return flat.put(DOCUMENT_ID, id.toString()).put(TABLE, id.table().toString());
  }

  private static boolean beyondLong(JsonNode value) {
    return value.isIntegralNumber() && !value.canConvertToLong();
  }
}
