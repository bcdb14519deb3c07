/**
 * Where a ledger and an index change together: the port {@link dev.freshet.store.Store}, and its
 * adapters. A store reads, commits and searches; it decides nothing.
 */
@NullMarked
package dev.freshet.store;

import org.jspecify.annotations.NullMarked;
