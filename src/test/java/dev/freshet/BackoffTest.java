package dev.freshet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Draws the least number that it may. */
  private static final RandomGenerator NO_JITTER = () -> 0L;

  @Test
  void eachFailureDoublesTheDelayUpToTheLimit() {
    var backoff = new Backoff(FIRST, LIMIT, NO_JITTER);

    assertThat(backoff.delay(1)).isEqualTo(FIRST);
    assertThat(backoff.delay(2)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.delay(6)).isEqualTo(Duration.ofSeconds(16));
    assertThat(backoff.delay(7)).isEqualTo(LIMIT);
    assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(LIMIT);
  }

  @Test
  void jitterShortensADelay() {
    var backoff = new Backoff(FIRST, LIMIT, RandomGenerator.of("L64X128MixRandom"));

    for (int i = 0; i < 1_000; i++) {
      assertThat(backoff.delay(2)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    }
  }
}
