package dev.freshet.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A segment that a search found.
 *
 * @param ordinal the segment's place in the document, from 0
 * @param score higher is better
 * @param metadata the document's, or some of its columns; null where it was not read
 * @param origin that of the newest event applied to the document
 * @param indexedAt when that version was written
 */
public record Hit(
    DocumentId documentId,
    int ordinal,
    String text,
    double score,
    @Nullable ObjectNode metadata,
    Origin origin,
    Instant indexedAt) {

  /** The same segment, with this metadata. */
  public Hit with(@Nullable ObjectNode values) {
    return new Hit(documentId, ordinal, text, score, values, origin, indexedAt);
  }
}
