/**
 * Where documents, segments and vectors are kept: the port {@link dev.freshet.store.IndexStore} and
 * its adapters. A store reads, commits and searches; it decides nothing.
 */
@NullMarked
package dev.freshet.store;

import org.jspecify.annotations.NullMarked;
