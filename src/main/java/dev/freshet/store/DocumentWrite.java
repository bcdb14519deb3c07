package dev.freshet.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentState;
import java.time.Instant;
import java.util.List;

/**
 * One document's next version.
 *
 * @param expectedRevision the revision that the decision was based on; 0 when none was stored
 * @param metadata flat: texts and numbers only, so that any LangChain4j store reads it; empty for a
 *     tombstone
 * @param segments all segments of the document, in order; those that are stored and not named here
 *     are deleted; empty for a tombstone
 */
public record DocumentWrite(
    DocumentState state,
    long expectedRevision,
    String contentHash,
    String metadataHash,
    Instant indexedAt,
    ObjectNode metadata,
    List<SegmentWrite> segments)
    implements StateWrite {

  public DocumentWrite {
    segments = List.copyOf(segments);
  }
}
