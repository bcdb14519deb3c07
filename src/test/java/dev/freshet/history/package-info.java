/**
 * Histories: whatever a table goes through, in whatever order, however often and by however many
 * instances its changes are applied, the index equals the table in the end. The table is simulated;
 * its events are those that Debezium Server makes of one.
 */
@NullMarked
package dev.freshet.history;

import org.jspecify.annotations.NullMarked;
