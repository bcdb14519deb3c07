/** How the text form of the log is written: a line of it is one that Freshet wrote. */
@NullMarked
package dev.freshet.logging;

import org.jspecify.annotations.NullMarked;
