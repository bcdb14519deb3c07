package dev.freshet.embedding;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How texts are split into segments. Read at start, so that a bad value ends the start.
 *
 * @param maxTokens how long a segment is at most, as {@link TokenCounter} counts: 16 to 256
 * @param overlapTokens how much of a segment's last sentences the next one repeats at most
 */
@Context
@ConfigurationProperties("freshet.splitting")
public record SplittingConfiguration(
    @Bindable(defaultValue = "256") int maxTokens,
    @Bindable(defaultValue = "32") int overlapTokens) {

  private static final int LEAST = 16;

  public SplittingConfiguration {
    if (maxTokens < LEAST || maxTokens > MiniLmEmbeddingModel.MAX_TOKENS) {
      throw new IllegalArgumentException(
          "freshet.splitting.max-tokens is %d: set it to %d to %d, the most that the model reads"
              .formatted(maxTokens, LEAST, MiniLmEmbeddingModel.MAX_TOKENS));
    }
    if (overlapTokens < 0 || overlapTokens >= maxTokens) {
      throw new IllegalArgumentException(
          "freshet.splitting.overlap-tokens is %d: set it to 0 or more, less than max-tokens (%d)"
              .formatted(overlapTokens, maxTokens));
    }
  }

  /** A text that two settings have in common where they split alike. */
  String recipe() {
    return "of %d tokens, %d repeated".formatted(maxTokens, overlapTokens);
  }
}
