/**
 * The embedded store: an Apache Lucene index folder on local disk, for one process. It holds a
 * Lucene document per document's state, one per segment, one per truncated table and one per
 * document that failed, so that one commit covers them all; searches read committed points only.
 */
@NullMarked
package dev.freshet.store.lucene;

import org.jspecify.annotations.NullMarked;
