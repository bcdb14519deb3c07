/** Finding documents by meaning, by words, or by both. */
@NullMarked
package dev.freshet.search;

import org.jspecify.annotations.NullMarked;
