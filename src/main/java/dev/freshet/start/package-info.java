/**
 * The command line, and the start of the service: what is checked before anything is begun, and how
 * a start that fails says so in one line.
 */
@NullMarked
package dev.freshet.start;

import org.jspecify.annotations.NullMarked;
