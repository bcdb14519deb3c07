package dev.freshet.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentId;
import java.time.Instant;

/**
 * A segment that a search found.
 *
 * @param ordinal the segment's place in the document, from 0
 * @param score higher is better
 * @param metadata the document's
 * @param origin that of the newest event applied to the document
 * @param indexedAt when that version became searchable
 */
public record Hit(
    DocumentId documentId,
    int ordinal,
    String text,
    double score,
    ObjectNode metadata,
    Origin origin,
    Instant indexedAt) {}
