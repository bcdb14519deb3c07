/**
 * The loop that moves changes from the feed to the sink: batches, retries, acknowledgements and
 * dead letters.
 */
@NullMarked
package dev.freshet.indexing;

import org.jspecify.annotations.NullMarked;
