/**
 * What brings the index to the state that the changes say: the port {@link
 * dev.freshet.sink.IndexSink}, and what its adapters share.
 */
@NullMarked
package dev.freshet.sink;

import org.jspecify.annotations.NullMarked;
