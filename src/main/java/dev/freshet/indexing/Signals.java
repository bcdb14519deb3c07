package dev.freshet.indexing;

import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.RecentChanges;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/**
 * Where the loop tells what it does.
 *
 * @param registry of metrics
 * @param tracing follows each message
 * @param history remembers the last minutes
 * @param recent remembers the last changes
 */
public record Signals(
    MeterRegistry registry, Tracing tracing, LagHistory history, RecentChanges recent) {

  /** Metrics only. */
  public static Signals of(MeterRegistry registry) {
    return new Signals(
        registry, Tracing.OFF, new LagHistory(Clock.systemUTC()), new RecentChanges());
  }
}
