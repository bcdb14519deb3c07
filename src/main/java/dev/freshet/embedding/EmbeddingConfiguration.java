package dev.freshet.embedding;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How the embedding model runs.
 *
 * @param threads how many batches are embedded at once; 0 means as many as there are cores
 */
@Context
@ConfigurationProperties("freshet.embedding")
record EmbeddingConfiguration(@Bindable(defaultValue = "0") int threads) {

  EmbeddingConfiguration {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "freshet.embedding.threads is %d: set it to 1 or more, or to 0 for the number of cores"
              .formatted(threads));
    }
  }

  int threadsOrCores() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
