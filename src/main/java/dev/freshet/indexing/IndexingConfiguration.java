package dev.freshet.indexing;

import dev.freshet.DurationText;
import dev.freshet.document.SizeLimits;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * How the loop works.
 *
 * @param batchSize the most messages of one batch
 * @param batchBytes how many bytes of messages make a batch full, so that one of large documents
 *     does not hold up the next for long
 * @param maxMessageSize a message of more bytes is not parsed
 * @param maxDocumentSize a document whose columns have more bytes is not indexed
 * @param maxMetadataSize a document whose metadata has more characters is not indexed
 * @param retryInitial the longest wait after a sink's first failure
 * @param retryMaximum the longest wait after any failure
 * @param unavailableValuePatience how long a message that leaves out a value waits for the event
 *     that has it, before it is dead-lettered
 * @param shutdownTimeout how long a shutdown waits for the batch in flight
 * @param paused whether consumption waits at the start for an operator to resume it
 */
@ConfigurationProperties("freshet.indexing")
public record IndexingConfiguration(
    @Bindable(defaultValue = "256") int batchSize,
    @ReadableBytes @Bindable(defaultValue = "512KB") long batchBytes,
    @ReadableBytes @Bindable(defaultValue = "32MB") long maxMessageSize,
    @ReadableBytes @Bindable(defaultValue = "8MB") long maxDocumentSize,
    @ReadableBytes @Bindable(defaultValue = "64MB") long maxMetadataSize,
    @Bindable(defaultValue = "500ms") Duration retryInitial,
    @Bindable(defaultValue = "30s") Duration retryMaximum,
    @Bindable(defaultValue = "10s") Duration unavailableValuePatience,
    @Bindable(defaultValue = "20s") Duration shutdownTimeout,
    @Bindable(defaultValue = "false") boolean paused) {

  public IndexingConfiguration {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "freshet.indexing.batch-size is " + batchSize + "; it must be at least 1");
    }
    requirePositive("batch-bytes", batchBytes);
    requirePositive("max-message-size", maxMessageSize);
    requirePositive("max-document-size", maxDocumentSize);
    requirePositive("max-metadata-size", maxMetadataSize);
    if (unavailableValuePatience.isNegative()) {
      throw new IllegalArgumentException(
          "freshet.indexing.unavailable-value-patience must not be negative; write it as 10s");
    }
    if (shutdownTimeout.isNegative() || shutdownTimeout.isZero()) {
      throw new IllegalArgumentException(
          "freshet.indexing.shutdown-timeout is "
              + DurationText.of(shutdownTimeout)
              + "; it must be positive, such as 20s");
    }
    if (retryInitial.isNegative()) {
      throw new IllegalArgumentException(
          "freshet.indexing.retry-initial is "
              + DurationText.of(retryInitial)
              + "; write it as 500ms");
    }
    if (retryMaximum.compareTo(retryInitial) < 0) {
      throw new IllegalArgumentException(
          "freshet.indexing.retry-maximum is "
              + DurationText.of(retryMaximum)
              + "; it must be at least freshet.indexing.retry-initial, which is "
              + DurationText.of(retryInitial));
    }
  }

  public SizeLimits sizeLimits() {
    return new SizeLimits(maxMessageSize, maxDocumentSize);
  }

  private static void requirePositive(String key, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "freshet.indexing.%s must be at least 1; write it as 8MB".formatted(key));
    }
  }
}
