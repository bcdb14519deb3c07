package dev.freshet.indexing;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How the loop works.
 *
 * @param batchSize the most messages of one batch
 * @param retryInitial the longest wait after a sink's first failure
 * @param retryMaximum the longest wait after any failure
 * @param shutdownTimeout how long a shutdown waits for the batch in flight
 */
@ConfigurationProperties("freshet.indexing")
public record IndexingConfiguration(
    @Bindable(defaultValue = "256") int batchSize,
    @Bindable(defaultValue = "500ms") Duration retryInitial,
    @Bindable(defaultValue = "30s") Duration retryMaximum,
    @Bindable(defaultValue = "20s") Duration shutdownTimeout) {

  public IndexingConfiguration {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "freshet.indexing.batch-size is " + batchSize + "; it must be at least 1");
    }
    if (retryInitial.isNegative() || retryMaximum.compareTo(retryInitial) < 0) {
      throw new IllegalArgumentException(
          "freshet.indexing.retry-maximum must be at least freshet.indexing.retry-initial");
    }
  }
}
