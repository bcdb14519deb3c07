/**
 * The playground: a PostgreSQL that the jar brings along, in a folder of its own, with tables whose
 * rows are written for it, and changes of these rows by SQL.
 */
@NullMarked
package dev.freshet.playground;

import org.jspecify.annotations.NullMarked;
