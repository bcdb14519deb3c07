package dev.freshet.indexing;

import dev.freshet.Defect;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.sink.Outcome;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts messages away that can never be indexed. Of each the ledger remembers the failure of its
 * document first: a crash in between repeats only what is idempotent.
 */
final class MessageRejector {

  private static final Logger LOG = LoggerFactory.getLogger(MessageRejector.class);

  private final ChangeFeed feed;
  private final MessageReader reader;
  private final FailureRecorder failures;
  private final IndexingProgress progress;
  private final Retries retries;
  private final IndexingMetrics metrics;
  private final Clock clock;
  private final StuckMessages stuck = new StuckMessages();

  MessageRejector(
      ChangeFeed feed,
      MessageReader reader,
      FailureRecorder failures,
      IndexingProgress progress,
      Retries retries,
      IndexingMetrics metrics,
      Clock clock) {
    this.feed = feed;
    this.reader = reader;
    this.failures = failures;
    this.progress = progress;
    this.retries = retries;
    this.metrics = metrics;
    this.clock = clock;
    metrics.stuck(stuck);
  }

  Rejection internalError(String what, Throwable defect) {
    return new Rejection(
        RejectionReason.INTERNAL_ERROR,
        what + " with " + defect.getClass().getSimpleName() + "; the log has the trace",
        clock.instant());
  }

  /** A change that the sink has rejected. */
  Faulty faulty(Change change, Outcome.Rejected rejected) {
    // An event that does not say whose it is proves nothing of the source.
    if (rejected.reason() == RejectionReason.SOURCE_RESTARTED
        && !change.progress().equals(SourceProgress.NONE)) {
      progress.sourceRestarted();
    }
    String detail = describe(change.change()) + ": " + rejected.detail();
    var rejection = new Rejection(rejected.reason(), detail, clock.instant());
    return change.rejected(rejection, change.progress());
  }

  private static String describe(DocumentChange change) {
    Origin origin = change.origin();
    String subject =
        change instanceof DocumentChange.Upsert upsert
            ? upsert.id().toString()
            : change instanceof DocumentChange.Delete delete
                ? delete.id().toString()
                : change.table().toString();
    return origin.lsn().map(lsn -> subject + " at " + lsn).orElse(subject);
  }

  /** Tried until it is put away: nobody else would try while the connection lives. */
  void reject(Faulty faulty) throws InterruptedException {
    Rejection rejection = faulty.rejection();
    Optional<Boolean> putAway = putAway(faulty);
    if (putAway.isEmpty()) {
      stuck.add(faulty, clock.instant());
      return;
    }
    stuck.leave(faulty.delivery());
    if (!putAway.get()) {
      LOG.warn(
          "A faulty message's connection is gone; it is delivered again: {}", rejection.detail());
      return;
    }
    settle(faulty);
    metrics.deadLettered(faulty, clock.instant());
    LOG.error(
        "Dead-lettered a message of routing key '{}' ({}): {}",
        faulty.delivery().message().routingKey(),
        rejection.reason().label(),
        rejection.detail());
  }

  /** Whether the feed has put it away; empty where that fails by a defect, for any reason given. */
  private Optional<Boolean> putAway(Faulty faulty) throws InterruptedException {
    Rejection given = faulty.rejection();
    for (int attempt = 1; attempt <= 2; attempt++) {
      try {
        Rejection now = given;
        return Optional.of(
            retries.untilAvailable(
                "The dead-letter queue or the ledger", () -> putAway(faulty, now)));
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        Defect.requireSurvivable(e);
        LOG.error(
            "A message of routing key '{}' cannot be dead-lettered",
            faulty.delivery().message().routingKey(),
            e);
        given = internalError("dead-lettering fails", e);
      }
    }
    return Optional.empty();
  }

  private boolean putAway(Faulty faulty, Rejection rejection) {
    Delivery delivery = faulty.delivery();
    // Of a lost one there will be no dead letter yet: what comes again may end otherwise.
    if (delivery.isLive()) {
      failures.record(faulty.document(), faulty.position(), rejection);
    }
    int sourceEpoch = reader.sourceEpoch(delivery.message());
    return feed.deadLetter(delivery, rejection.withSourceEpoch(sourceEpoch));
  }

  private void settle(Faulty faulty) {
    try {
      progress.settleFaulty(faulty.delivery(), faulty.document(), faulty.txId(), faulty.progress());
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      LOG.error("The watermark cannot be raised behind a message", e);
    }
  }

  /** Whether it is time to try again what could not be put away. */
  boolean isDue() {
    return stuck.isDue(clock.instant());
  }

  /** Tries again what could not be put away. */
  void rejectStuck() throws InterruptedException {
    for (Faulty faulty : stuck.all()) {
      reject(faulty);
    }
  }

  /** How many messages can neither be indexed nor be put away; any thread may ask. */
  int countStuck() {
    return stuck.size();
  }

  /** Those messages. */
  List<Delivery> stuck() {
    return stuck.all().stream().map(Faulty::delivery).toList();
  }

  /** Lets none of them wait; they are not settled. */
  void dismissStuck() {
    stuck.clear();
  }
}
