/**
 * What becomes of messages that could not be indexed: looking at them, replaying and discarding
 * them, and remembering which documents they are of.
 */
@NullMarked
package dev.freshet.deadletter;

import org.jspecify.annotations.NullMarked;
