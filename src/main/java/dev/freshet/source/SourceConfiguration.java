package dev.freshet.source;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * What is known of the source database and its capture.
 *
 * @param sourceEpoch raised by one whenever the source was restored or replaced, so that its LSN
 *     started again: every later event then supersedes every earlier one
 * @param unavailableValue Debezium's {@code unavailable.value.placeholder}
 * @param versionRetention how long former versions of a document are remembered, for events that
 *     arrive late
 * @param tombstoneRetention how long a deletion is remembered; longer than any message may wait, be
 *     replayed or be redelivered
 */
@ConfigurationProperties("freshet")
public record SourceConfiguration(
    @Bindable(defaultValue = "0") int sourceEpoch,
    @Bindable(defaultValue = "__debezium_unavailable_value") String unavailableValue,
    @Bindable(defaultValue = "1h") Duration versionRetention,
    @Bindable(defaultValue = "30d") Duration tombstoneRetention) {

  public SourceConfiguration {
    if (sourceEpoch < 0) {
      throw new IllegalArgumentException(
          "freshet.source-epoch is " + sourceEpoch + "; it starts at 0 and only ever grows");
    }
    if (versionRetention.isNegative()) {
      throw new IllegalArgumentException(
          "freshet.version-retention must not be negative; write it as 1h");
    }
    if (tombstoneRetention.isNegative() || tombstoneRetention.isZero()) {
      throw new IllegalArgumentException(
          "freshet.tombstone-retention must be positive; write it as 30d");
    }
    if (unavailableValue.isEmpty()) {
      throw new IllegalArgumentException(
          "freshet.unavailable-value is empty; it is Debezium's unavailable.value.placeholder");
    }
  }
}
