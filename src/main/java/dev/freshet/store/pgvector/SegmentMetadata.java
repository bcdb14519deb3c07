package dev.freshet.store.pgvector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import java.util.List;

/**
 * A segment's metadata as LangChain4j reads it: the document's, and in reserved keys which document
 * and which part of it the segment is.
 */
final class SegmentMetadata {

  private static final String DOCUMENT_ID = "freshet_document_id";
  private static final String TABLE = "freshet_table";
  private static final String SEGMENT = "freshet_segment";

  private SegmentMetadata() {}

  static String of(ObjectNode metadata, DocumentId id, int ordinal) {
    return metadata
        .deepCopy()
        .put(DOCUMENT_ID, id.toString())
        .put(TABLE, id.table().toString())
        .put(SEGMENT, ordinal)
        .toString();
  }

  static ObjectNode withoutReserved(ObjectNode metadata) {
    return metadata.remove(List.of(DOCUMENT_ID, TABLE, SEGMENT));
  }
}
