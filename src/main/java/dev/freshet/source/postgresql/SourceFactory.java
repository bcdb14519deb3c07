package dev.freshet.source.postgresql;

import dev.freshet.document.TableMappings;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceConfiguration;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Makes what needs the source, where {@code freshet.source.url} says where it is. */
@Factory
@Requires(property = "freshet.source.url")
final class SourceFactory {

  @Singleton
  ReplicaIdentities replicaIdentities(
      SourceConnectionConfiguration configuration, TableMappings mappings, KeyCoverage keys) {
    return new ReplicaIdentities(new SourceConnection(configuration), mappings, keys);
  }

  @Singleton
  @Bean(preDestroy = "close", typed = SourceRows.class)
  PostgresRows sourceRows(
      SourceConnectionConfiguration configuration,
      TableMappings mappings,
      SourceOwnership ownership,
      SourceConfiguration identity,
      Clock clock) {
    return new PostgresRows(configuration, mappings, ownership, identity.sourceEpoch(), clock);
  }

  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "freshet.source.nudge", value = "true", defaultValue = "true")
  PostgresNudge sourceNudge(
      SourceConnectionConfiguration configuration, MeterRegistry registry, Clock clock) {
    return new PostgresNudge(new SourceConnection(configuration), registry, clock);
  }
}
