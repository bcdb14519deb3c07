package dev.freshet.freshness;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How the index's freshness is told and waited for.
 *
 * @param timeout how long a call waits that does not say for how long
 * @param maxTimeout the longest that a call may ask for
 * @param maxWaiters so many calls wait at once; further ones are refused
 * @param silence the source counts as silent when nothing has come for so long; longer than the
 *     interval of its heartbeat
 * @param target within which time after its commit a change is to be searchable
 */
@ConfigurationProperties("freshet.freshness")
public record FreshnessConfiguration(
    @Bindable(defaultValue = "10s") Duration timeout,
    @Bindable(defaultValue = "60s") Duration maxTimeout,
    @Bindable(defaultValue = "1000") int maxWaiters,
    @Bindable(defaultValue = "1m") Duration silence,
    @Bindable(defaultValue = "5s") Duration target) {

  public FreshnessConfiguration {
    requirePositive("timeout", timeout);
    requirePositive("max-timeout", maxTimeout);
    requirePositive("silence", silence);
    requirePositive("target", target);
    if (maxWaiters < 0) {
      throw new IllegalArgumentException(
          "freshet.freshness.max-waiters must not be negative; 0 lets no call wait");
    }
    if (timeout.compareTo(maxTimeout) > 0) {
      throw new IllegalArgumentException(
          "freshet.freshness.timeout must not be longer than freshet.freshness.max-timeout");
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "freshet.freshness." + key + " must be positive; write it as 10s");
    }
  }
}
