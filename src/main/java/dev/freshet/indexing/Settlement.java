package dev.freshet.indexing;

import dev.freshet.Aside;
import dev.freshet.Defect;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.indexing.Batch.Skipped;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends messages whose effect is durable: publishes the watermark, then acknowledges them, and then
 * rejects the faulty ones.
 */
final class Settlement {

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final ChangeFeed feed;
  private final IndexingProgress progress;
  private final MessageRejector rejector;
  private final IncompleteChanges incompleteChanges;
  private final Retries retries;
  private final IndexingMetrics metrics;
  private boolean unpublished;

  Settlement(
      ChangeFeed feed,
      IndexingProgress progress,
      MessageRejector rejector,
      IncompleteChanges incompleteChanges,
      Retries retries,
      IndexingMetrics metrics) {
    this.feed = feed;
    this.progress = progress;
    this.rejector = rejector;
    this.incompleteChanges = incompleteChanges;
    this.retries = retries;
    this.metrics = metrics;
  }

  /** A change is durable; its message is to be acknowledged. */
  Delivery settled(Change change) {
    settle(change.delivery(), change.change(), change.progress());
    return change.delivery();
  }

  /** A message has no effect; it is to be acknowledged. */
  Delivery settled(Skipped skipped) {
    settle(skipped.delivery(), null, skipped.progress());
    return skipped.delivery();
  }

  /** Where that fails the message stays open, and the watermark behind it. */
  private void settle(Delivery delivery, @Nullable DocumentChange change, SourceProgress settled) {
    try {
      progress.settle(delivery, change, settled);
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      LOG.error("The watermark cannot be raised behind a message", e);
    }
  }

  /**
   * Ends a batch.
   *
   * @param done what was {@link #settled}
   * @param faulty what can never be indexed
   */
  void end(List<Delivery> done, List<Faulty> faulty) throws InterruptedException {
    publishProgress();
    metrics.settled(done.size());
    acknowledge(done);
    Aside.run(progress::acknowledged);
    done.forEach(incompleteChanges::leave);
    for (Faulty one : faulty) {
      LogContext.set(one.trace().context());
      try {
        rejector.reject(one);
      } finally {
        LogContext.clear();
      }
      incompleteChanges.leave(one.delivery());
    }
    if (!faulty.isEmpty()) {
      publishProgress();
    }
  }

  /** Rejects a message that has no batch. */
  void reject(Faulty faulty) throws InterruptedException {
    rejector.reject(faulty);
    publishProgress();
  }

  /** Whether something of former batches is to be tried again. */
  boolean isOpen() {
    return unpublished || rejector.isDue();
  }

  /** Tries again what could not be published, or be put away. */
  void tryAgain() throws InterruptedException {
    if (unpublished) {
      publishProgress();
    }
    if (rejector.isDue()) {
      rejector.rejectStuck();
      publishProgress();
    }
  }

  /** What cannot be acknowledged is delivered again in the end, and then changes nothing. */
  private void acknowledge(List<Delivery> done) {
    try {
      feed.acknowledge(done);
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      if (done.size() > 1) {
        done.forEach(one -> acknowledge(List.of(one)));
      } else {
        LOG.error("A message that is indexed cannot be acknowledged", e);
      }
    }
  }

  /**
   * Where that fails by a defect the watermark stays where it is, and the next step tries again.
   */
  private void publishProgress() throws InterruptedException {
    try {
      retries.untilAvailable(
          "The ledger",
          () -> {
            progress.publish();
            return true;
          });
      unpublished = false;
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      if (!unpublished) {
        LOG.error("The watermark cannot be published", e);
      }
      unpublished = true;
    }
  }
}
