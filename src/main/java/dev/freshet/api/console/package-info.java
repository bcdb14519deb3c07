/**
 * The console, a web page for people: hands out its files. The page itself, in {@code
 * resources/console}, calls the same API as everybody.
 */
@NullMarked
package dev.freshet.api.console;

import org.jspecify.annotations.NullMarked;
