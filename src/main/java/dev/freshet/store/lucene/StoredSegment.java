package dev.freshet.store.lucene;

import java.util.UUID;

/**
 * A segment as it is stored.
 *
 * @param id derived from the document and the segment's text: the same text keeps its id and its
 *     vector
 * @param ordinal its place in the document, from 0
 */
record StoredSegment(UUID id, int ordinal) {}
