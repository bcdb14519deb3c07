/** The application's start and what every feature shares: nothing but the root of failures. */
@NullMarked
package dev.freshet;

import org.jspecify.annotations.NullMarked;
