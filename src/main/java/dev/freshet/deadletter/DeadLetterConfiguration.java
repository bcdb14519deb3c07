package dev.freshet.deadletter;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * How much one call takes in hand.
 *
 * @param lookCount the most dead letters that a call looks at
 * @param lookBytes how many bytes of dead letters end a listing
 * @param replayCount the most dead letters that a call replays
 */
@ConfigurationProperties("freshet.dead-letters")
public record DeadLetterConfiguration(
    @Bindable(defaultValue = "10000") int lookCount,
    @ReadableBytes @Bindable(defaultValue = "64MB") long lookBytes,
    @Bindable(defaultValue = "1000") int replayCount) {

  public DeadLetterConfiguration {
    require(lookCount >= 1, "look-count");
    require(lookBytes >= 1, "look-bytes");
    require(replayCount >= 1, "replay-count");
  }

  private static void require(boolean condition, String key) {
    if (!condition) {
      throw new IllegalArgumentException(
          "freshet.dead-letters." + key + " is less than 1; set it to 1 or more");
    }
  }
}
