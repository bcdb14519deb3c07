package dev.freshet.sink.http;

import dev.freshet.DurationText;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * When the service is left alone.
 *
 * @param failures how many calls in a row fail before none is made for a while
 * @param open how long none is made then
 * @param trials how many calls try the service after that
 */
@ConfigurationProperties("freshet.llama.breaker")
@Requires(property = "freshet.sink", value = "http")
record BreakerConfiguration(
    @Bindable(defaultValue = "20") int failures,
    @Bindable(defaultValue = "10s") Duration open,
    @Bindable(defaultValue = "2") int trials) {

  BreakerConfiguration {
    requireAtLeastOne("failures", failures);
    requireAtLeastOne("trials", trials);
    if (open.isNegative() || open.isZero()) {
      throw new IllegalArgumentException(
          "freshet.llama.breaker.open is "
              + DurationText.of(open)
              + "; it must be more than nothing, such as 10s");
    }
  }

  private static void requireAtLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "freshet.llama.breaker.%s is %d; it must be at least 1".formatted(key, value));
    }
  }
}
