package dev.freshet.indexing;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Where the loop tells what it does.
 *
 * @param registry of metrics
 * @param tracing follows each message
 */
public record Signals(MeterRegistry registry, Tracing tracing) {

  /** Metrics only. */
  public static Signals of(MeterRegistry registry) {
    return new Signals(registry, Tracing.OFF);
  }
}
