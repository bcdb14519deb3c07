package dev.freshet.job.drift;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether tables are checked by themselves.
 *
 * @param interval between two checks of a table; null for none
 * @param repair whether these checks repair what they find
 */
@Context
@ConfigurationProperties("freshet.drift-check")
public record DriftConfiguration(
    @Nullable Duration interval, @Bindable(defaultValue = "false") boolean repair) {

  private static final Duration SHORTEST = Duration.ofMinutes(1);

  public DriftConfiguration {
    if (interval != null && interval.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "freshet.drift-check.interval must be a minute at least; write it as 24h, or leave it out for"
              + " none");
    }
  }
}
