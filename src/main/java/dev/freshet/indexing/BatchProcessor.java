package dev.freshet.indexing;

import dev.freshet.Aside;
import dev.freshet.Defect;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.indexing.Batch.Skipped;
import dev.freshet.sink.IsolatingSink;
import dev.freshet.sink.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  private final SourceFilter sources;
  private final IsolatingSink sink;
  private final IncompleteChanges incompleteChanges;
  private final MessageRejector rejector;
  private final IndexingProgress progress;
  private final Tracing tracing;
  private final Retries retries;
  private final IndexingMetrics metrics;
  private final Clock clock;
  private boolean unpublished;

  BatchProcessor(
      ChangeFeed feed,
      MessageReader reader,
      IsolatingSink sink,
      IncompleteChanges incompleteChanges,
      MessageRejector rejector,
      IndexingProgress progress,
      Tracing tracing,
      Retries retries,
      IndexingMetrics metrics,
      Clock clock) {
    this.feed = feed;
    this.reader = reader;
    this.sources = new SourceFilter(progress.sources(), reader, clock);
    this.sink = sink;
    this.incompleteChanges = incompleteChanges;
    this.rejector = rejector;
    this.progress = progress;
    this.tracing = new GuardedTracing(tracing);
    this.retries = retries;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Processes a batch to its end, however long the other sides take to come back. A message that
   * shows a defect, at whatever step, is dead-lettered, and the others go on.
   *
   * @throws InterruptedException when the loop is stopped meanwhile; the batch stays unacknowledged
   */
  void process(List<Delivery> deliveries) throws InterruptedException {
    metrics.batch(deliveries);
    isolate(deliveries);
  }

  /** To do a step again does no harm: what is settled already, the feed leaves alone. */
  private void isolate(List<Delivery> deliveries) throws InterruptedException {
    try {
      attempt(deliveries);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      deliveries.forEach(incompleteChanges::leave);
      if (deliveries.size() == 1) {
        giveUp(deliveries.get(0), e);
        return;
      }
      for (Delivery delivery : deliveries) {
        isolate(List.of(delivery));
      }
    }
  }

  private void giveUp(Delivery delivery, Throwable defect) throws InterruptedException {
    LOG.error(
        "A message of routing key '{}' shows a defect", delivery.message().routingKey(), defect);
    rejector.reject(defective(delivery, defect));
    publishProgress();
  }

  /** Read once more: what it is about is not known where the defect showed. */
  private Faulty defective(Delivery delivery, Throwable defect) throws InterruptedException {
    Rejection rejection = rejector.internalError("indexing fails", defect);
    try {
      Batch read = Batch.of(List.of(delivery), reader, tracing, clock);
      return retries
          .untilAvailable("The ledger", () -> sources.filter(read))
          .batch()
          .rejected(rejection);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      MessageTrace trace = tracing.begin(delivery);
      return new Faulty(delivery, rejection, null, null, SourceProgress.NONE, trace);
    }
  }

  private void attempt(List<Delivery> deliveries) throws InterruptedException {
    Batch read = Batch.of(deliveries, reader, tracing, clock);
    SourceFilter.Filtered filtered =
        retries.untilAvailable("The ledger", () -> sources.filter(read));
    Batch batch = filtered.batch();
    if (filtered.own()) {
      progress.heard();
    }
    if (filtered.heartbeat()) {
      progress.heartbeat();
    }
    for (Change change : batch.changes()) {
      Aside.run(() -> progress.read(change.delivery(), change.change()));
    }
    lookAtKeys(batch.changes());
    List<Outcome> outcomes = apply(batch.changes());
    Instant durableAt = clock.instant();
    var done = new ArrayList<Delivery>();
    var faulty = new ArrayList<>(batch.faulty());
    for (int i = 0; i < outcomes.size(); i++) {
      Change change = batch.changes().get(i);
      if (outcomes.get(i) instanceof Outcome.Deferred) {
        incompleteChanges.defer(change);
        continue;
      }
      metrics.applied(change, outcomes.get(i), durableAt);
      if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
        faulty.add(rejector.faulty(change, rejected));
      } else if (outcomes.get(i) instanceof Outcome.Incomplete) {
        incompleteChanges.await(change, clock.instant());
      } else {
        change.trace().ended(outcomes.get(i).label(), durableAt);
        done.add(settled(change));
      }
    }
    for (Skipped skipped : batch.skipped()) {
      count(skipped, durableAt);
      settle(skipped.delivery(), null, skipped.progress());
      done.add(skipped.delivery());
    }
    settle(done, faulty);
  }

  /**
   * Looks which of the messages that wait for values have them by now, and which have waited for
   * long enough.
   */
  void reconsider() throws InterruptedException {
    if (unpublished) {
      publishProgress();
    }
    if (rejector.isDue()) {
      rejector.rejectStuck();
      publishProgress();
    }
    incompleteChanges.leaveDead();
    List<Change> waiting = incompleteChanges.waiting();
    try {
      reconsider(waiting);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      // Read again, each ends as it would alone.
      LOG.error("Messages that wait for values show a defect", e);
      isolate(waiting.stream().map(Change::delivery).toList());
    }
  }

  private void reconsider(List<Change> waiting) throws InterruptedException {
    List<Outcome> outcomes = apply(waiting);
    Instant durableAt = clock.instant();
    Set<Change> late = incompleteChanges.late(clock.instant());
    var done = new ArrayList<Delivery>();
    var faulty = new ArrayList<Faulty>();
    for (int i = 0; i < outcomes.size(); i++) {
      Change change = waiting.get(i);
      Outcome outcome = outcomes.get(i);
      if (outcome instanceof Outcome.Deferred) {
        incompleteChanges.defer(change);
        continue;
      }
      if (outcome instanceof Outcome.Incomplete still) {
        if (!late.contains(change)) {
          incompleteChanges.await(change, durableAt);
          continue;
        }
        outcome = still.rejected();
      }
      // Each look finds an outcome; only the last one is counted.
      metrics.applied(change, outcome, durableAt);
      if (outcome instanceof Outcome.Rejected rejected) {
        faulty.add(rejector.faulty(change, rejected));
      } else {
        change.trace().ended(outcome.label(), durableAt);
        done.add(settled(change));
      }
    }
    settle(done, faulty);
  }

  private Delivery settled(Change change) {
    settle(change.delivery(), change.change(), change.progress());
    return change.delivery();
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

  private void settle(List<Delivery> done, List<Faulty> faulty) throws InterruptedException {
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

  /** Whether something of former batches is to be looked at again. */
  boolean hasWaiting() {
    return unpublished || !incompleteChanges.isEmpty() || rejector.isDue();
  }

  /** How many messages are in hand between two batches; any thread may ask. */
  int countWaiting() {
    return incompleteChanges.size() + incompleteChanges.deferred() + rejector.countStuck();
  }

  /** The messages that are in hand between two batches. */
  List<Delivery> waiting() {
    return Stream.concat(
            incompleteChanges.waiting().stream().map(Change::delivery), rejector.stuck().stream())
        .toList();
  }

  /** Lets nothing wait any more; the messages are not settled. */
  List<Delivery> dismissWaiting() {
    List<Delivery> dismissed = waiting();
    if (incompleteChanges.deferred() > 0) {
      sink.abandon();
    }
    incompleteChanges.clear();
    rejector.dismissStuck();
    return dismissed;
  }

  private void count(Skipped skipped, Instant at) {
    String outcome = metrics.ignored(skipped.ignored());
    skipped.trace().ended(outcome, at);
    LogContext.set(skipped.trace().context());
    Aside.run(() -> skipped.ignored().ofTable().ifPresent(table -> remember(skipped, table, at)));
    LOG.debug(
        "A message of routing key '{}' does not affect the index: {}",
        skipped.delivery().message().routingKey(),
        skipped.ignored().reason());
    LogContext.clear();
  }

  private void lookAtKeys(List<Change> changes) {
    List<DocumentChange> all = changes.stream().map(Change::change).toList();
    Aside.run(() -> progress.keys().look(all));
  }

  private void remember(Skipped skipped, TableId table, Instant at) {
    TableId partitioned =
        reader.partitioned(table, skipped.delivery().message().routingKey()).orElse(null);
    String reason = skipped.ignored().reason().label();
    boolean first = progress.ignored().add(table, reason, partitioned, at);
    if (first && partitioned != null) {
      LOG.warn(
          "Changes of {} have no mapping and are not indexed; it seems to be a partition of {}."
              + " Name its partitions in freshet.tables.{}.partitions, or let the publication send"
              + " their changes as that table's (publish_via_partition_root)",
          table,
          partitioned,
          partitioned);
    } else if (first) {
      LOG.info("Changes of {} become no documents ({})", table, reason);
    }
  }

  private List<Outcome> apply(List<Change> batch) throws InterruptedException {
    List<DocumentChange> changes = batch.stream().map(Change::change).toList();
    List<Optional<TraceContext>> traces =
        batch.stream().map(change -> change.trace().context()).toList();
    return changes.isEmpty()
        ? List.of()
        : retries.untilAvailable(
            "The sink", () -> metrics.timed(() -> sink.apply(changes, traces)));
  }
}
