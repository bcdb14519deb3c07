package dev.freshet.index;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import java.time.Instant;

/**
 * A document's metadata.
 *
 * @param indexedAt when the version that it is of was written
 * @param bytes how long its JSON text is
 */
public record DocumentMetadata(DocumentId id, Instant indexedAt, ObjectNode values, int bytes) {}
