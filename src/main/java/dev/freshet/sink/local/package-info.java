/**
 * The sink inside the JVM: renders, splits and embeds what changed, and commits a batch to the
 * store in one transaction.
 */
@NullMarked
package dev.freshet.sink.local;

import org.jspecify.annotations.NullMarked;
