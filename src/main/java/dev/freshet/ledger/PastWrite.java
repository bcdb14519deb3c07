package dev.freshet.ledger;

import dev.freshet.document.DocumentState;

/**
 * Remembers another past of a document whose newest version stays as it is, and with it its hashes
 * and what searches find of it.
 *
 * @param expectedRevision the revision that the decision was based on
 */
public record PastWrite(DocumentState state, long expectedRevision) implements StateWrite {}
