package dev.freshet;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time up to a limit, with full
 * jitter, so that several instances do not come back in step.
 *
 * @param first the longest wait after the first failure
 * @param limit the longest wait after any failure
 */
public record Backoff(Duration first, Duration limit, RandomGenerator random) {

  /**
   * Draws the next wait.
   *
   * @param failures how many attempts have failed in a row, at least 1
   * @return more than nothing, up to the nominal delay
   */
  public Duration delay(int failures) {
    long nominal = first.toMillis();
    for (int doubled = 1; doubled < failures && nominal < limit.toMillis(); doubled++) {
      nominal *= 2;
    }
    nominal = Math.max(1, Math.min(nominal, limit.toMillis()));
    return Duration.ofMillis(nominal - random.nextLong(nominal));
  }
}
