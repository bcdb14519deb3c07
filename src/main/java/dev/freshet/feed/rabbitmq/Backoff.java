package dev.freshet.feed.rabbitmq;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time up to a limit, with jitter so
 * that many clients do not come back in step.
 */
record Backoff(Duration first, Duration limit, RandomGenerator random) {

  /**
   * @param failures how many attempts have failed in a row, at least 1
   * @return between half the nominal delay and all of it
   */
  Duration delay(int failures) {
    long nominal = first.toMillis();
    for (int doubled = 1; doubled < failures && nominal < limit.toMillis(); doubled++) {
      nominal *= 2;
    }
    nominal = Math.min(nominal, limit.toMillis());
    return Duration.ofMillis(nominal - random.nextLong(nominal / 2 + 1));
  }
}
