package dev.freshet.job;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How jobs behave beside the live changes.
 *
 * @param share of the time that live changes leave; jobs may use the sink for so much of it
 */
@Context
@ConfigurationProperties("freshet.jobs")
public record JobsConfiguration(@Bindable(defaultValue = "0.3") double share) {

  public JobsConfiguration {
    if (!(share >= 0.01 && share <= 1)) {
      throw new IllegalArgumentException(
          "freshet.jobs.share must be a number from 0.01 to 1: the share of the time that live changes"
              + " leave, which jobs may use");
    }
  }
}
