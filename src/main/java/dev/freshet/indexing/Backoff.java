package dev.freshet.indexing;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that several instances
 * do not come back at once.
 */
final class Backoff {

  private static final int LARGEST_EXPONENT = 30;

  private final Duration initial;
  private final Duration maximum;
  private final RandomGenerator random;

  /**
   * Sets the bounds.
   *
   * @param initial the longest wait after the first failure
   * @param maximum the longest wait after any failure
   */
  Backoff(Duration initial, Duration maximum, RandomGenerator random) {
    this.initial = initial;
    this.maximum = maximum;
    this.random = random;
  }

  /**
   * A random wait, from nothing up to a bound that doubles with each failure.
   *
   * @param failures how many attempts have failed in a row, from 1
   */
  Duration after(int failures) {
    int exponent = Math.min(failures - 1, LARGEST_EXPONENT);
    long bound = Math.min(maximum.toMillis(), initial.toMillis() << exponent);
    return Duration.ofMillis(random.nextLong(Math.max(1, bound) + 1));
  }
}
