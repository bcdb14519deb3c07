package dev.freshet.indexing;

import dev.freshet.Backoff;
import dev.freshet.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
  private final Clock clock;
  private volatile @Nullable Stall stall;

  Retries(Backoff backoff, Pause pause, IndexingMetrics metrics, Clock clock) {
    this.backoff = backoff;
    this.pause = pause;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Tries until it succeeds.
   *
   * @param what names the other side in the log, such as "The sink"
   * @throws InterruptedException when the batch is to be given up meanwhile
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
    Stall before = stall;
    Instant since = before == null ? clock.instant() : before.since();
    stall = new Stall(what, String.valueOf(cause.getMessage()), since);
    Duration wait = delay(cause, failures);
    LOG.warn(
        "{} does not answer, attempt {} failed; next in {} ms: {}",
        what,
        failures,
        wait.toMillis(),
        cause.getMessage());
    try {
      pause.sleep(wait);
    } catch (InterruptedException e) {
      // Nothing is tried any more, so nothing stands still.
      stall = null;
      throw e;
    }
  }

  /** Never sooner than the other side asks for, and not all instances at the same moment. */
  private Duration delay(UnavailableException cause, int failures) {
    return cause
        .retryAfter()
        .map(asked -> asked.plus(backoff.delay(1)))
        .orElseGet(() -> backoff.delay(failures));
  }

  private void recovered(String what) {
    if (stall != null) {
      stall = null;
      LOG.info("{} answers again", what);
    }
  }

  /** Why the batch in flight does not go on; empty while it does. */
  Optional<Stall> stall() {
    return Optional.ofNullable(stall);
  }
}
