/**
 * What a message says: decoding every form in which Debezium sends a change into a {@link
 * dev.freshet.changeevent.ChangeEvent}, and the {@link dev.freshet.changeevent.Position} that
 * orders the versions of a row.
 */
@NullMarked
package dev.freshet.changeevent;

import org.jspecify.annotations.NullMarked;
