package dev.freshet.indexing;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.sink.Outcome;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what becomes of messages. */
final class IndexingMetrics {

  /** A table's name comes from outside: a counter for each of many would fill the memory. */
  private static final int MOST_TABLES = 1_000;

  private static final String OTHER_TABLES = "other";

  private final MeterRegistry registry;
  private final Set<String> tables = ConcurrentHashMap.newKeySet();
  private final DistributionSummary batchSize;
  private final Timer apply;

  IndexingMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.batchSize =
        DistributionSummary.builder("freshet.batch.messages")
            .description("Messages of a batch")
            .register(registry);
    this.apply =
        Timer.builder("freshet.batch.apply")
            .description("Time to apply a batch, retries not included")
            .publishPercentileHistogram()
            .register(registry);
  }

  void waiting(WaitingRoom room) {
    Gauge.builder("freshet.indexing.waiting", room, WaitingRoom::size)
        .description("Messages that wait for values which other events have")
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

  Timer applyTimer() {
    return apply;
  }

  void batch(int messages) {
    batchSize.record(messages);
  }

  void applied(DocumentChange change, Outcome outcome) {
    events(change.table().toString(), operation(change), outcome.label());
    if (outcome instanceof Outcome.Indexed indexed) {
      registry.counter("freshet.segments", "vector", "embedded").increment(indexed.embedded());
      registry
          .counter("freshet.segments", "vector", "reused")
          .increment(indexed.segments() - indexed.embedded());
    }
  }

  /** Answers the outcome that was counted. */
  String ignored(Ignored ignored) {
    String reason = ignored.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String outcome = "ignored-" + reason;
    events(ignored.ofTable().map(TableId::toString).orElse(""), "none", outcome);
    return outcome;
  }

  void deadLettered(RejectionReason reason) {
    registry.counter("freshet.dead.letters", "reason", reason.label()).increment();
  }

  void failed() {
    registry.counter("freshet.indexing.failures").increment();
  }

  private void events(String table, String operation, String outcome) {
    registry
        .counter(
            "freshet.events", "table", counted(table), "operation", operation, "outcome", outcome)
        .increment();
  }

  private String counted(String table) {
    boolean known = tables.contains(table) || (tables.size() < MOST_TABLES && tables.add(table));
    return known ? table : OTHER_TABLES;
  }

  private static String operation(DocumentChange change) {
    return change.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
