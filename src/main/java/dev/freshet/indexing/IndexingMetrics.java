package dev.freshet.indexing;

import dev.freshet.Aside;
import dev.freshet.Buckets;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.feed.Delivery;
import dev.freshet.freshness.RecentChanges;
import dev.freshet.sink.Outcome;
import dev.freshet.source.SourceRestart;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Counts what becomes of messages, and ends their traces. */
final class IndexingMetrics {

  /** A table's name comes from outside: a counter for each of many would fill the memory. */
  private static final int MOST_TABLES = 1_000;

  private static final String OTHER_TABLES = "other";

  private final MeterRegistry registry;
  private final Set<String> tables = ConcurrentHashMap.newKeySet();
  private final DistributionSummary batchSize;
  private final Timer apply;
  private final Counter embedded;
  private final Counter reused;
  private final Counter failures;
  private final Map<RejectionReason, Counter> deadLetters = new EnumMap<>(RejectionReason.class);
  private final LagMetrics lags;
  private final RecentChanges recent;
  private final AtomicLong receivedMillis = new AtomicLong();

  IndexingMetrics(Signals signals) {
    this.registry = signals.registry();
    this.lags = new LagMetrics(registry, signals.history());
    this.recent = signals.recent();
    this.batchSize =
        DistributionSummary.builder("freshet.batch.messages")
            .description("Messages of a batch")
            .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
            .register(registry);
    this.apply =
        Buckets.of(Timer.builder("freshet.batch.apply"))
            .description("How long it took to apply a batch, waits between attempts not included")
            .register(registry);
    this.embedded = segments("embedded");
    this.reused = segments("reused");
    this.failures =
        Counter.builder("freshet.indexing.failures")
            .description(
                "Attempts that the sink, the ledger or the dead-letter queue did not answer")
            .register(registry);
    for (RejectionReason reason : RejectionReason.values()) {
      deadLetters.put(
          reason,
          Counter.builder("freshet.dead.letters")
              .description("Messages that were dead-lettered, by reason")
              .tag("reason", reason.label())
              .register(registry));
    }
    TimeGauge.builder(
            "freshet.received.timestamp", receivedMillis, TimeUnit.MILLISECONDS, AtomicLong::get)
        .description("When the newest message was received, in seconds since 1970; 0 for none yet")
        .register(registry);
  }

  private Counter segments(String vector) {
    return Counter.builder("freshet.segments")
        .description("Segments of indexed documents whose vector was made or kept")
        .tag("vector", vector)
        .register(registry);
  }

  void waiting(IncompleteChanges room) {
    Gauge.builder("freshet.indexing.waiting", room, IncompleteChanges::size)
        .description("Messages that wait for values which other events have")
        .baseUnit("messages")
        .register(registry);
  }

  void deferred(IncompleteChanges room) {
    Gauge.builder("freshet.indexing.large", room, IncompleteChanges::deferred)
        .description("Messages whose large documents are indexed beside the others")
        .baseUnit("messages")
        .register(registry);
  }

  void stuck(StuckMessages stuck) {
    Gauge.builder("freshet.indexing.stuck", stuck, StuckMessages::size)
        .description(
            "Messages that can neither be indexed nor be dead-lettered; they hold the watermark"
                + " back")
        .baseUnit("messages")
        .register(registry);
  }

  void sourceRestart(SourceRestart restart) {
    Gauge.builder("freshet.source.restarted", restart, it -> it.firstSeen().isPresent() ? 1 : 0)
        .description("1 once events came that show that the source has started its LSN again")
        .register(registry);
  }

  /** Shows whether, and why, nothing is consumed. */
  void watch(Gate gate, Retries retries) {
    Gauge.builder("freshet.consumption.paused", gate, open -> open.isPaused() ? 1 : 0)
        .description("1 while consumption is paused, else 0")
        .register(registry);
    Gauge.builder("freshet.indexing.stalled", retries, tried -> tried.stall().isPresent() ? 1 : 0)
        .description("1 while a batch waits for the sink or the dead-letter queue, else 0")
        .register(registry);
  }

  /** Measures how long a part of the work takes. */
  <T> T timed(Supplier<T> work) {
    long started = System.nanoTime();
    try {
      return work.get();
    } finally {
      Aside.run(() -> apply.record(System.nanoTime() - started, TimeUnit.NANOSECONDS));
    }
  }

  void batch(List<Delivery> deliveries) {
    Aside.run(
        () -> {
          batchSize.record(deliveries.size());
          deliveries.forEach(
              delivery -> {
                long millis = delivery.receivedAt().toEpochMilli();
                receivedMillis.accumulateAndGet(millis, Math::max);
              });
        });
  }

  /** A change has its outcome; one that is rejected, or waits, has its end elsewhere. */
  void applied(Batch.Change applied, Outcome outcome, Instant durableAt) {
    Aside.run(() -> count(applied, outcome, durableAt));
    if (!(outcome instanceof Outcome.Rejected || outcome instanceof Outcome.Incomplete)) {
      Aside.run(lags::changed);
      Aside.run(() -> remember(applied.change(), outcome, durableAt));
      applied.trace().ended(outcome.label(), durableAt);
    }
  }

  private void remember(DocumentChange change, Outcome outcome, Instant at) {
    Origin origin = change.origin();
    recent.add(
        new RecentChanges.Change(
            change.table().toString(),
            change.document().map(DocumentId::joinedKey).orElse(null),
            change.operation().label(),
            outcome.label(),
            null,
            origin.lsn().map(Object::toString).orElse(null),
            origin.txId(),
            origin.committedAt(),
            at));
  }

  private void remember(Batch.Faulty faulty, Instant at) {
    DocumentId document = faulty.document();
    Origin origin = faulty.origin();
    recent.add(
        new RecentChanges.Change(
            document == null ? null : document.table().toString(),
            document == null ? null : document.joinedKey(),
            null,
            "dead-lettered",
            faulty.rejection().reason().label(),
            origin == null ? null : origin.lsn().map(Object::toString).orElse(null),
            origin == null ? null : origin.txId(),
            origin == null ? null : origin.committedAt(),
            at));
  }

  private void count(Batch.Change applied, Outcome outcome, Instant durableAt) {
    DocumentChange change = applied.change();
    events(change.table().toString(), change.operation().label(), outcome.label());
    if (outcome instanceof Outcome.Indexed indexed) {
      embedded.increment(indexed.embedded());
      reused.increment(indexed.segments() - indexed.embedded());
    }
    lags.applied(applied.delivery().message(), change, outcome, durableAt);
  }

  void settled(int messages) {
    Aside.run(() -> lags.settled(messages));
  }

  /** A message does not affect the index. */
  void ignored(Batch.Skipped skipped, Instant at) {
    Ignored ignored = skipped.ignored();
    String outcome = "ignored-" + ignored.reason().label();
    if (ignored.table() != null) {
      Aside.run(lags::changed);
    }
    Aside.run(
        () -> events(ignored.table() == null ? "" : ignored.table().toString(), "none", outcome));
    skipped.trace().ended(outcome, at);
  }

  /** A message was dead-lettered. */
  void deadLettered(Batch.Faulty faulty, Instant at) {
    RejectionReason reason = faulty.rejection().reason();
    Counter counter = deadLetters.get(reason);
    if (counter != null) {
      Aside.run(counter::increment);
    }
    settled(1);
    Aside.run(lags::changed);
    Aside.run(() -> remember(faulty, at));
    faulty.trace().failed(reason, at);
  }

  void failed() {
    Aside.run(failures::increment);
  }

  private void events(String table, String operation, String outcome) {
    Counter.builder("freshet.events")
        .description("Change events, by table, operation and outcome")
        .tag("table", counted(table))
        .tag("operation", operation)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  private String counted(String table) {
    boolean known = tables.contains(table) || (tables.size() < MOST_TABLES && tables.add(table));
    return known ? table : OTHER_TABLES;
  }
}
