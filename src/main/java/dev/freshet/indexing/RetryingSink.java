package dev.freshet.indexing;

import dev.freshet.Backoff;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a batch until the sink takes it. While the sink is down nothing else is taken from the
 * feed, so that messages wait where they are safe.
 */
final class RetryingSink {

  private static final Logger LOG = LoggerFactory.getLogger(RetryingSink.class);

  private final IsolatingSink sink;
  private final Backoff backoff;
  private final Pause pause;
  private final IndexingMetrics metrics;
  private volatile @Nullable String failure;

  RetryingSink(IsolatingSink sink, Backoff backoff, Pause pause, IndexingMetrics metrics) {
    this.sink = sink;
    this.backoff = backoff;
    this.pause = pause;
    this.metrics = metrics;
  }

  List<Outcome> apply(List<DocumentChange> changes) throws InterruptedException {
    if (changes.isEmpty()) {
      return List.of();
    }
    for (int failures = 1; ; failures++) {
      try {
        List<Outcome> outcomes = metrics.applyTimer().record(() -> sink.apply(changes));
        recovered();
        return outcomes;
      } catch (UnavailableException e) {
        failed(e, failures);
      }
    }
  }

  private void failed(UnavailableException cause, int failures) throws InterruptedException {
    metrics.sinkFailed();
    failure = cause.getMessage();
    Duration wait = cause.retryAfter().orElse(backoff.delay(failures));
    LOG.warn(
        "The sink does not take changes, attempt {} failed; next in {} ms: {}",
        failures,
        wait.toMillis(),
        cause.getMessage());
    pause.sleep(wait);
  }

  private void recovered() {
    if (failure != null) {
      failure = null;
      LOG.info("The sink takes changes again");
    }
  }

  /** Why the sink does not take the batch in flight; empty while it does. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
