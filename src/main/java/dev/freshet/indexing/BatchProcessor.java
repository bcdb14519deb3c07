package dev.freshet.indexing;

import dev.freshet.Defect;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.Delivery;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one batch through: read, apply, settle. Nothing is acknowledged or dead-lettered before
 * the sink has made the batch durable.
 */
final class BatchProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(BatchProcessor.class);

  private final BatchReader reader;
  private final IsolatingSink sink;
  private final IncompleteChanges incompleteChanges;
  private final MessageRejector rejector;
  private final Settlement settlement;
  private final Retries retries;
  private final IndexingMetrics metrics;
  private final Clock clock;

  BatchProcessor(
      BatchReader reader,
      IsolatingSink sink,
      IncompleteChanges incompleteChanges,
      MessageRejector rejector,
      Settlement settlement,
      Retries retries,
      IndexingMetrics metrics,
      Clock clock) {
    this.reader = reader;
    this.sink = sink;
    this.incompleteChanges = incompleteChanges;
    this.rejector = rejector;
    this.settlement = settlement;
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
    settlement.reject(reader.defective(delivery, rejector.internalError("indexing fails", defect)));
  }

  private void attempt(List<Delivery> deliveries) throws InterruptedException {
    Batch batch = reader.read(deliveries);
    List<Outcome> outcomes = apply(batch.changes());
    Instant durableAt = clock.instant();
    var done = new ArrayList<Delivery>();
    var faulty = new ArrayList<>(batch.faulty());
    for (int i = 0; i < outcomes.size(); i++) {
      Change change = batch.changes().get(i);
      Outcome outcome = outcomes.get(i);
      if (outcome instanceof Outcome.Deferred) {
        incompleteChanges.defer(change);
      } else if (outcome instanceof Outcome.Incomplete) {
        metrics.applied(change, outcome, durableAt);
        incompleteChanges.await(change, clock.instant());
      } else {
        end(change, outcome, durableAt, done, faulty);
      }
    }
    for (Skipped skipped : batch.skipped()) {
      reader.ignore(skipped, durableAt);
      done.add(settlement.settled(skipped));
    }
    settlement.end(done, faulty);
  }

  /**
   * Looks which of the messages that wait for values have them by now, and which have waited for
   * long enough.
   */
  void reconsider() throws InterruptedException {
    settlement.tryAgain();
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
      end(change, outcome, durableAt, done, faulty);
    }
    settlement.end(done, faulty);
  }

  /** A change has its last outcome. */
  private void end(
      Change change, Outcome outcome, Instant durableAt, List<Delivery> done, List<Faulty> faulty) {
    metrics.applied(change, outcome, durableAt);
    if (outcome instanceof Outcome.Rejected rejected) {
      faulty.add(rejector.faulty(change, rejected));
    } else {
      done.add(settlement.settled(change));
    }
  }

  /** Whether something of former batches is to be looked at again. */
  boolean hasWaiting() {
    return settlement.isOpen() || !incompleteChanges.isEmpty();
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
