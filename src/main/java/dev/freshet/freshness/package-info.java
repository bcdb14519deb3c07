/**
 * How fresh the index is: the watermark below which every commit of the source is searchable, what
 * holds it back, and those who wait for it.
 */
@NullMarked
package dev.freshet.freshness;

import org.jspecify.annotations.NullMarked;
