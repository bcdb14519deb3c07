package dev.freshet.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentId;
import java.time.Instant;
import java.util.List;

/**
 * What an index is to have of a document.
 *
 * @param origin that of the newest event applied to it; each hit says it
 * @param indexedAt when this version was written; each hit says it
 * @param metadata the row's metadata columns, NULLs included
 * @param segments all of them, in order; empty for an empty text
 */
public record IndexedDocument(
    DocumentId id,
    Origin origin,
    Instant indexedAt,
    ObjectNode metadata,
    List<SegmentWrite> segments) {

  public IndexedDocument {
    segments = List.copyOf(segments);
  }
}
