package dev.freshet.indexing;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.indexing.Batch.Skipped;
import dev.freshet.sink.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one batch through: decode, map, apply, acknowledge. Nothing is acknowledged or
 * dead-lettered before the sink has made the batch durable.
 */
final class BatchProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(BatchProcessor.class);

  private final ChangeFeed feed;
  private final MessageReader reader;
  private final IsolatingSink sink;
  private final WaitingRoom waitingRoom;
  private final SourceRestart sourceRestart;
  private final IndexingProgress progress;
  private final Tracing tracing;
  private final Retries retries;
  private final IndexingMetrics metrics;
  private final Clock clock;

  BatchProcessor(
      ChangeFeed feed,
      MessageReader reader,
      IsolatingSink sink,
      WaitingRoom waitingRoom,
      SourceRestart sourceRestart,
      IndexingProgress progress,
      Tracing tracing,
      Retries retries,
      IndexingMetrics metrics,
      Clock clock) {
    this.feed = feed;
    this.reader = reader;
    this.sink = sink;
    this.waitingRoom = waitingRoom;
    this.sourceRestart = sourceRestart;
    this.progress = progress;
    this.tracing = tracing;
    this.retries = retries;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Processes a batch to its end, however long the other sides take to come back.
   *
   * @throws InterruptedException when the loop is stopped meanwhile; the batch stays unacknowledged
   */
  void process(List<Delivery> deliveries) throws InterruptedException {
    metrics.batch(deliveries);
    Batch batch = Batch.of(deliveries, reader, tracing, clock);
    batch.changes().forEach(change -> progress.read(change.delivery(), change.change()));
    List<Outcome> outcomes = apply(batch.changes());
    Instant durableAt = clock.instant();
    var done = new ArrayList<Delivery>();
    var faulty = new ArrayList<>(batch.faulty());
    for (int i = 0; i < outcomes.size(); i++) {
      Change change = batch.changes().get(i);
      metrics.applied(change, outcomes.get(i), durableAt);
      if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
        faulty.add(faulty(change, rejected));
      } else if (outcomes.get(i) instanceof Outcome.Incomplete) {
        waitingRoom.await(change, clock.instant());
      } else {
        change.trace().ended(outcomes.get(i).label(), durableAt);
        done.add(settled(change));
      }
    }
    for (Skipped skipped : batch.skipped()) {
      count(skipped, durableAt);
      progress.settle(skipped.delivery(), null, skipped.progress());
      done.add(skipped.delivery());
    }
    settle(done, faulty);
  }

  /**
   * Looks which of the messages that wait for values have them by now, and which have waited for
   * long enough.
   */
  void reconsider() throws InterruptedException {
    List<Change> waiting = waitingRoom.waiting();
    List<Outcome> outcomes = apply(waiting);
    Instant durableAt = clock.instant();
    Set<Change> late = waitingRoom.late(clock.instant());
    var done = new ArrayList<Delivery>();
    var faulty = new ArrayList<Faulty>();
    for (int i = 0; i < outcomes.size(); i++) {
      Change change = waiting.get(i);
      Outcome outcome = outcomes.get(i);
      if (outcome instanceof Outcome.Incomplete still) {
        if (!late.contains(change)) {
          continue;
        }
        outcome = still.rejected();
      }
      // Each look finds an outcome; only the last one is counted.
      metrics.applied(change, outcome, durableAt);
      if (outcome instanceof Outcome.Rejected rejected) {
        faulty.add(faulty(change, rejected));
      } else {
        change.trace().ended(outcome.label(), durableAt);
        done.add(settled(change));
      }
    }
    settle(done, faulty);
  }

  private Delivery settled(Change change) {
    progress.settle(change.delivery(), change.change(), change.progress());
    return change.delivery();
  }

  private void settle(List<Delivery> done, List<Faulty> faulty) throws InterruptedException {
    publishProgress();
    metrics.settled(done.size());
    feed.acknowledge(done);
    done.forEach(waitingRoom::leave);
    for (Faulty one : faulty) {
      LogContext.set(one.trace());
      try {
        deadLetter(one);
      } finally {
        LogContext.clear();
      }
      waitingRoom.leave(one.delivery());
    }
    if (!faulty.isEmpty()) {
      publishProgress();
    }
  }

  private void publishProgress() throws InterruptedException {
    retries.untilAvailable(
        "The ledger",
        () -> {
          progress.publish();
          return true;
        });
  }

  /** Whether messages wait for values that others have. */
  boolean hasWaiting() {
    return !waitingRoom.isEmpty();
  }

  /** Those messages. */
  List<Delivery> waiting() {
    return waitingRoom.waiting().stream().map(Change::delivery).toList();
  }

  /** Lets nothing wait any more; the messages are not settled. */
  List<Delivery> dismissWaiting() {
    List<Delivery> dismissed = waiting();
    waitingRoom.clear();
    return dismissed;
  }

  private void count(Skipped skipped, Instant at) {
    String outcome = metrics.ignored(skipped.ignored());
    skipped.trace().ended(outcome, at);
    LogContext.set(skipped.trace());
    LOG.debug(
        "A message of routing key '{}' has no bearing on the index: {}",
        skipped.delivery().message().routingKey(),
        skipped.ignored().reason());
    LogContext.clear();
  }

  private List<Outcome> apply(List<Change> batch) throws InterruptedException {
    List<DocumentChange> changes = batch.stream().map(Change::change).toList();
    List<MessageTrace> traces = batch.stream().map(Change::trace).toList();
    return changes.isEmpty()
        ? List.of()
        : retries.untilAvailable(
            "The sink", () -> metrics.applyTimer().record(() -> sink.apply(changes, traces)));
  }

  private Faulty faulty(Change change, Outcome.Rejected rejected) {
    if (rejected.reason() == RejectionReason.SOURCE_RESTARTED) {
      sourceRestart.seen(clock.instant());
      progress.sourceRestarted();
    }
    String detail = describe(change.change()) + ": " + rejected.detail();
    return new Faulty(
        change.delivery(),
        new Rejection(rejected.reason(), detail, clock.instant()),
        change.change().document().orElse(null),
        change.change().origin().txId(),
        change.progress(),
        change.trace());
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
  private void deadLetter(Faulty faulty) throws InterruptedException {
    Rejection rejection = faulty.rejection();
    boolean putAway =
        retries.untilAvailable(
            "The dead-letter queue or the ledger",
            () -> feed.deadLetter(faulty.delivery(), rejection));
    if (!putAway) {
      LOG.warn(
          "A faulty message's connection is gone; it is delivered again: {}", rejection.detail());
      return;
    }
    progress.settleFaulty(faulty.delivery(), faulty.document(), faulty.txId(), faulty.progress());
    metrics.deadLettered(rejection.reason());
    faulty.trace().failed(rejection.reason(), clock.instant());
    LOG.error(
        "Dead-lettered a message of routing key '{}' ({}): {}",
        faulty.delivery().message().routingKey(),
        rejection.reason().label(),
        rejection.detail());
  }
}
