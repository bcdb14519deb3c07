package dev.freshet.canary;

import dev.freshet.freshness.CommitWaits;
import dev.freshet.search.SearchEngine;
import dev.freshet.source.postgresql.SourceConnection;
import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Makes the canary, where {@code freshet.canary.interval} is set. */
@Factory
@Requires(property = "freshet.canary.interval")
final class CanaryFactory {

  @Context
  @Bean(preDestroy = "close")
  ProbeTable probeTable(SourceConnectionConfiguration source, CanaryConfiguration configuration) {
    if (source.url() == null) {
      throw new IllegalArgumentException(
          "freshet.canary.interval is set, and the canary writes to the source: set"
              + " freshet.source.url (FRESHET_SOURCE_URL), too");
    }
    return new ProbeTable(new SourceConnection(source), configuration.tableId());
  }

  /** Its metrics are there before the first probe is. */
  @Context
  CanaryState canaryState(MeterRegistry registry, Clock clock) {
    return new CanaryState(registry, clock);
  }

  @Singleton
  CanaryAlarms canaryAlarms(CanaryState state) {
    return new CanaryAlarms(state);
  }

  @Singleton
  Canary canary(
      ProbeTable probes,
      CanaryConfiguration configuration,
      CommitWaits waits,
      SearchEngine search,
      CanaryState state) {
    return new Canary(probes, configuration, waits, search, state);
  }
}
