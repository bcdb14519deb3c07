package dev.freshet.wiring;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.freshness.FreshnessConfiguration;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.SourceNudge;
import dev.freshet.freshness.Waits;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.store.DocumentLedger;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;
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
  WatermarkTracker watermarkTracker(
      DocumentLedger ledger,
      ChangeFeed feed,
      SourceConfiguration source,
      Waits waits,
      Clock clock) {
    return new WatermarkTracker(ledger.watermarks(), feed, source.sourceEpoch(), waits, clock);
  }

  @Singleton
  IndexingProgress indexingProgress(WatermarkTracker tracker, Waits waits, Clock clock) {
    return new IndexingProgress(tracker, waits, clock);
  }

  @Singleton
  FreshnessMonitor freshnessMonitor(
      ChangeFeed feed,
      DocumentLedger ledger,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Waits waits,
      Optional<SourceNudge> nudge,
      SourceConfiguration source,
      FreshnessConfiguration configuration,
      Clock clock) {
    return new FreshnessMonitor(
        feed,
        ledger,
        tracker,
        progress,
        waits,
        nudge.orElse(SourceNudge.NONE),
        source.sourceEpoch(),
        configuration.silence(),
        clock);
  }
}
