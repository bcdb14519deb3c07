/**
 * Captures the source's write-ahead log in this JVM: Debezium's engine as a feed. What it has read
 * and where its dead letters are stands in the ledger.
 */
@NullMarked
package dev.freshet.capture;

import org.jspecify.annotations.NullMarked;
