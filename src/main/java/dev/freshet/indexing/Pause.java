package dev.freshet.indexing;

import java.time.Duration;

/** Waits; a test's implementation does not. */
@FunctionalInterface
interface Pause {

  void sleep(Duration duration) throws InterruptedException;
}
