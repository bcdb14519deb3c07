/**
 * How the text form of the log is written: a line of it is one that Freshet wrote. And how levels
 * change while the process runs.
 */
@NullMarked
package dev.freshet.logging;

import org.jspecify.annotations.NullMarked;
