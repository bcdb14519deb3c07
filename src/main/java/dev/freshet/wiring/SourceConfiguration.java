package dev.freshet.wiring;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * What is known of the source database and its capture.
 *
 * @param sourceEpoch raised by one whenever the source was restored or replaced, so that its LSN
 *     started again: every later event then supersedes every earlier one
 * @param unavailableValue Debezium's {@code unavailable.value.placeholder}
 */
@ConfigurationProperties("freshet")
record SourceConfiguration(
    @Bindable(defaultValue = "0") int sourceEpoch,
    @Bindable(defaultValue = "__debezium_unavailable_value") String unavailableValue) {

  SourceConfiguration {
    if (sourceEpoch < 0) {
      throw new IllegalArgumentException(
          "freshet.source-epoch is " + sourceEpoch + "; it starts at 0 and only ever grows");
    }
    if (unavailableValue.isEmpty()) {
      throw new IllegalArgumentException(
          "freshet.unavailable-value is empty; it is Debezium's unavailable.value.placeholder");
    }
  }
}
