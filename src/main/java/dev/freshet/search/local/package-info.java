/**
 * Searching the index that is kept inside the JVM: embeds the query, asks the store, and fuses what
 * it finds by meaning with what it finds by words.
 */
@NullMarked
package dev.freshet.search.local;

import org.jspecify.annotations.NullMarked;
