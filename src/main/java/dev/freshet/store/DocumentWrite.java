package dev.freshet.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One document's next version.
 *
 * @param expectedRevision the revision that the decision was based on; 0 when none was stored
 * @param embeddedAt when the embedding of this version's segments was finished, or, where each kept
 *     its vector, when that was decided; null for a tombstone and where no vectors are made
 * @param embedded how many of its segments were embedded anew; null when that is not known
 * @param metadata the row's metadata columns, NULLs included; empty for a tombstone
 * @param segments all segments of the document, in order; those that are stored and not named here
 *     are deleted; empty for a tombstone
 */
public record DocumentWrite(
    DocumentState state,
    long expectedRevision,
    String contentHash,
    String metadataHash,
    Instant indexedAt,
    @Nullable Instant embeddedAt,
    @Nullable Integer embedded,
    ObjectNode metadata,
    List<SegmentWrite> segments)
    implements StateWrite {

  public DocumentWrite {
    segments = List.copyOf(segments);
  }
}
