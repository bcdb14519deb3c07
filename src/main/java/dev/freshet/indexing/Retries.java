package dev.freshet.indexing;

import dev.freshet.Backoff;
import dev.freshet.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries until the other side answers. Meanwhile nothing else is taken from the feed, so that
 * messages wait where they are safe.
 */
final class Retries {

  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  private final Backoff backoff;
  private final Pause pause;
  private final IndexingMetrics metrics;
  private volatile @Nullable String failure;

  Retries(Backoff backoff, Pause pause, IndexingMetrics metrics) {
    this.backoff = backoff;
    this.pause = pause;
    this.metrics = metrics;
  }

  /**
   * Tries until it succeeds.
   *
   * @param what names the other side in the log, such as "The sink"
   * @throws InterruptedException when the loop is stopped meanwhile
   */
  <T> T untilAvailable(String what, Supplier<T> attempt) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        T answer = attempt.get();
        recovered(what);
        return answer;
      } catch (UnavailableException e) {
        failed(what, e, failures);
      }
    }
  }

  private void failed(String what, UnavailableException cause, int failures)
      throws InterruptedException {
    metrics.failed();
    failure = cause.getMessage();
    Duration wait = cause.retryAfter().orElse(backoff.delay(failures));
    LOG.warn(
        "{} does not answer, attempt {} failed; next in {} ms: {}",
        what,
        failures,
        wait.toMillis(),
        cause.getMessage());
    pause.sleep(wait);
  }

  private void recovered(String what) {
    if (failure != null) {
      failure = null;
      LOG.info("{} answers again", what);
    }
  }

  /** Why the batch in flight does not go on; empty while it does. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
