package dev.freshet.api;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * How searches are answered. Read at start, so that a bad value ends the start.
 *
 * @param maxAnswerSize the most bytes of the hits of one answer
 */
@Context
@ConfigurationProperties("freshet.search")
record SearchConfiguration(@ReadableBytes @Bindable(defaultValue = "4MB") long maxAnswerSize) {

  private static final long LEAST = 64 * 1024;

  SearchConfiguration {
    if (maxAnswerSize < LEAST) {
      throw new IllegalArgumentException(
          "freshet.search.max-answer-size is %d; it must be at least %d: write it as 4MB"
              .formatted(maxAnswerSize, LEAST));
    }
  }
}
