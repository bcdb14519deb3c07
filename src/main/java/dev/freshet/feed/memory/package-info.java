/** A feed inside the process: nothing to install, and nothing outlives the process. */
@NullMarked
package dev.freshet.feed.memory;

import org.jspecify.annotations.NullMarked;
