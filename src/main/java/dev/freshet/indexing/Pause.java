package dev.freshet.indexing;

import java.time.Duration;

/** Waits; a test's implementation does not. */
@FunctionalInterface
interface Pause {

  /**
   * Waits that long.
   *
   * @throws InterruptedException at once when the loop is to stop
   */
  void sleep(Duration duration) throws InterruptedException;
}
