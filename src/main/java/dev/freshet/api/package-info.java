/**
 * The HTTP API: what comes in is checked and named here, what goes out takes its JSON form here.
 */
@NullMarked
package dev.freshet.api;

import org.jspecify.annotations.NullMarked;
