/** Broken and hostile input, against the real decoder, loop and sinks. */
@NullMarked
package dev.freshet.hostile;

import org.jspecify.annotations.NullMarked;
