/**
 * The embedded store: an Apache Lucene index folder on local disk, for one process. It holds a
 * Lucene document per document's state, one per segment and one per truncated table, so that one
 * commit covers all three; searches read committed points only.
 */
@NullMarked
package dev.freshet.store.lucene;

import org.jspecify.annotations.NullMarked;
