/** The connection to the source database, and what is written there so that something follows. */
@NullMarked
package dev.freshet.source.postgresql;

import org.jspecify.annotations.NullMarked;
