package dev.freshet.indexing;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentMapper;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.sink.Outcome;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one batch through: decode, map, apply, acknowledge. Nothing is acknowledged or
 * dead-lettered before the sink has made the batch durable.
 */
final class BatchProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(BatchProcessor.class);

  private final ChangeFeed feed;
  private final ChangeEventDecoder decoder;
  private final DocumentMapper mapper;
  private final RetryingSink sink;
  private final IndexingMetrics metrics;
  private final Clock clock;

  BatchProcessor(
      ChangeFeed feed,
      ChangeEventDecoder decoder,
      DocumentMapper mapper,
      RetryingSink sink,
      IndexingMetrics metrics,
      Clock clock) {
    this.feed = feed;
    this.decoder = decoder;
    this.mapper = mapper;
    this.sink = sink;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Processes a batch to its end, however long the sink takes to come back.
   *
   * @throws InterruptedException when the loop is stopped meanwhile; the batch stays unacknowledged
   */
  void process(List<Delivery> deliveries) throws InterruptedException {
    metrics.batch(deliveries.size());
    Batch batch = Batch.of(deliveries, decoder, mapper, clock);
    List<Outcome> outcomes = sink.apply(batch.documentChanges());
    var done = new ArrayList<Delivery>();
    var faulty = new ArrayList<>(batch.faulty());
    for (int i = 0; i < outcomes.size(); i++) {
      Change change = batch.changes().get(i);
      metrics.applied(change.change(), outcomes.get(i));
      if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
        faulty.add(faulty(change, rejected));
      } else {
        done.add(change.delivery());
      }
    }
    batch.skipped().forEach(skipped -> done.add(skipped.delivery()));
    batch.skipped().forEach(skipped -> metrics.ignored(skipped.reason()));
    feed.acknowledge(done);
    faulty.forEach(this::deadLetter);
  }

  private Faulty faulty(Change change, Outcome.Rejected rejected) {
    String detail = describe(change.change()) + ": " + rejected.detail();
    return new Faulty(change.delivery(), new Rejection(rejected.reason(), detail, clock.instant()));
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

  /** A message that cannot be put away now is delivered again, and is tried again then. */
  private void deadLetter(Faulty faulty) {
    Rejection rejection = faulty.rejection();
    try {
      feed.deadLetter(faulty.delivery(), rejection);
      metrics.deadLettered(rejection.reason());
      LOG.error(
          "Dead-lettered a message of routing key '{}' ({}): {}",
          faulty.delivery().message().routingKey(),
          rejection.reason().label(),
          rejection.detail());
    } catch (UnavailableException e) {
      LOG.warn("Cannot dead-letter a message now, it will be delivered again: {}", e.getMessage());
    }
  }
}
