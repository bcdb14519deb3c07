/** A probe row that goes the whole way from the source to a search, again and again. */
@NullMarked
package dev.freshet.canary;

import org.jspecify.annotations.NullMarked;
