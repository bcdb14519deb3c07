package dev.freshet.wiring;

import dev.freshet.deadletter.DepartureRecorder;
import dev.freshet.deadletter.SubjectReader;
import dev.freshet.document.MessageReader;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.FormerMappings;
import dev.freshet.freshness.FreshnessAlarms;
import dev.freshet.freshness.FreshnessConfiguration;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.freshness.FreshnessPoller;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.Losses;
import dev.freshet.freshness.PresentRenderings;
import dev.freshet.freshness.Waits;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceConfiguration;
import dev.freshet.source.SourceNudge;
import dev.freshet.source.SourceOwnership;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What follows how far the index is, and tells it. */
@Factory
final class FreshnessFactory {

  @Singleton
  @Bean(preDestroy = "close")
  Waits waits(FreshnessConfiguration configuration, MeterRegistry registry) {
    var waits = new Waits(configuration.maxWaiters());
    Gauge.builder("freshet.freshness.waiters", waits, Waits::count)
        .description("Calls that wait until a change is searchable")
        .register(registry);
    return waits;
  }

  @Singleton
  Losses losses(DocumentLedger ledger) {
    return new Losses(ledger.notes());
  }

  @Singleton
  Departed departed(
      FeedState feed,
      MessageReader reader,
      SourceOwnership sources,
      DocumentLedger ledger,
      Losses losses,
      Clock clock) {
    return new DepartureRecorder(
        feed, new SubjectReader(reader), sources, ledger.failures(), losses, clock);
  }

  @Singleton
  WatermarkTracker watermarkTracker(
      DocumentLedger ledger,
      FeedState feed,
      Departed departed,
      SourceConfiguration source,
      Waits waits,
      Clock clock) {
    return new WatermarkTracker(
        ledger.watermarks(), feed, departed, source.sourceEpoch(), waits, clock);
  }

  @Singleton
  SourceOwnership sourceOwnership(DocumentLedger ledger, Clock clock, MeterRegistry registry) {
    var sources = new SourceOwnership(ledger.notes(), clock);
    Gauge.builder("freshet.source.others", sources, it -> it.presentOthers().size())
        .description("Other sources than the index's that sent a change in the last five minutes")
        .register(registry);
    return sources;
  }

  @Singleton
  KeyCoverage keyCoverage(DocumentLedger ledger, MeterRegistry registry) {
    var keys = new KeyCoverage(ledger);
    Gauge.builder("freshet.source.uncovered.keys", keys, it -> it.gaps().size())
        .description("Mapped tables whose replica identity seems to lack columns of the key")
        .register(registry);
    return keys;
  }

  @Singleton
  IndexingProgress indexingProgress(
      WatermarkTracker tracker,
      SourceOwnership sources,
      KeyCoverage keys,
      Waits waits,
      Clock clock,
      MeterRegistry registry) {
    var progress = new IndexingProgress(tracker, sources, keys, waits, clock);
    Gauge.builder("freshet.ignored.tables", progress, it -> it.ignored().all().size())
        .description("Tables whose changes came since the start and became no documents")
        .register(registry);
    return progress;
  }

  @Singleton
  PresentRenderings presentRenderings(
      DocumentLedger ledger, TableMappings mappings, Renderings renderings) {
    return new PresentRenderings(ledger, mappings, renderings);
  }

  @Singleton
  FormerMappings formerMappings(DocumentLedger ledger, PresentRenderings renderings, Clock clock) {
    return new FormerMappings(ledger, renderings, clock);
  }

  @Singleton
  CommitWaits commitWaits(
      DocumentLedger ledger,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Waits waits,
      Optional<SourceNudge> nudge,
      SourceConfiguration source) {
    return new CommitWaits(
        ledger, tracker, progress, waits, nudge.orElse(SourceNudge.NONE), source.sourceEpoch());
  }

  @Singleton
  FreshnessPoller freshnessPoller(
      FeedState feed,
      DocumentLedger ledger,
      IndexingProgress progress,
      Losses losses,
      FormerMappings mappings,
      CommitWaits waits,
      SourceConfiguration source,
      Clock clock) {
    List<Runnable> questions =
        List.of(
            losses::refresh,
            () -> progress.sources().owner(source.sourceEpoch()),
            mappings::check,
            waits::refresh);
    return new FreshnessPoller(feed, ledger, progress, questions, clock);
  }

  @Singleton
  FreshnessMonitor freshnessMonitor(
      FeedState feed,
      FreshnessPoller poller,
      WatermarkTracker tracker,
      IndexingProgress progress,
      FreshnessConfiguration configuration,
      Clock clock) {
    return new FreshnessMonitor(feed, poller, tracker, progress, configuration.silence(), clock);
  }

  @Singleton
  FreshnessAlarms freshnessAlarms(
      FeedState feed,
      FreshnessPoller poller,
      WatermarkTracker tracker,
      IndexingProgress progress,
      FreshnessConfiguration configuration,
      Clock clock) {
    return new FreshnessAlarms(poller, feed, tracker, progress, configuration.silence(), clock);
  }
}
