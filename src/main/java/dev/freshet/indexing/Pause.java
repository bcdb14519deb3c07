package dev.freshet.indexing;

import java.time.Duration;

/** Waits; a test's implementation does not. */
@FunctionalInterface
interface Pause {

  /**
   * Waits that long.
   *
   * @throws InterruptedException at once when the batch in flight is to be given up
   */
  void sleep(Duration duration) throws InterruptedException;
}
