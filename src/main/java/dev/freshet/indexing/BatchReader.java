package dev.freshet.indexing;

import dev.freshet.Aside;
import dev.freshet.Defect;
import dev.freshet.changeevent.LogContext;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.indexing.Batch.Faulty;
import dev.freshet.indexing.Batch.Skipped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a batch's messages, and tells the progress what they are. */
final class BatchReader {

  private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);

  private final MessageReader reader;
  private final SourceFilter sources;
  private final IndexingProgress progress;
  private final Tracing tracing;
  private final Retries retries;
  private final IndexingMetrics metrics;
  private final Clock clock;

  BatchReader(
      MessageReader reader,
      IndexingProgress progress,
      Tracing tracing,
      Retries retries,
      IndexingMetrics metrics,
      Clock clock) {
    this.reader = reader;
    this.sources = new SourceFilter(progress.sources(), reader, clock);
    this.progress = progress;
    this.tracing = new GuardedTracing(tracing);
    this.retries = retries;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Decodes and maps the messages, and keeps other sources' changes out. */
  Batch read(List<Delivery> deliveries) throws InterruptedException {
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
    return batch;
  }

  private void lookAtKeys(List<Change> changes) {
    List<DocumentChange> all = changes.stream().map(Change::change).toList();
    Aside.run(() -> progress.keys().look(all));
  }

  /** Read once more: what it is about is not known where the defect showed. */
  Faulty defective(Delivery delivery, Rejection rejection) throws InterruptedException {
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

  /** Counts a message that does not affect the index, and remembers its table. */
  void ignore(Skipped skipped, Instant at) {
    metrics.ignored(skipped, at);
    LogContext.set(skipped.trace().context());
    TableId table = skipped.ignored().table();
    if (table != null) {
      Aside.run(() -> remember(skipped, table, at));
    }
    LOG.debug(
        "A message of routing key '{}' does not affect the index: {}",
        skipped.delivery().message().routingKey(),
        skipped.ignored().reason());
    LogContext.clear();
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
}
