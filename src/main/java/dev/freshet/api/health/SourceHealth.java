package dev.freshet.api.health;

import dev.freshet.indexing.IndexingLoop;
import dev.freshet.source.SourceOwnership;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.reactivestreams.Publisher;

/**
 * Whether the positions of the source's events can be compared with those that were applied, and
 * whether all changes that come are of that source.
 */
@Singleton
@Requires(beans = IndexingLoop.class)
final class SourceHealth implements HealthIndicator, NotForReadiness {

  private final IndexingLoop loop;
  private final SourceOwnership sources;

  SourceHealth(IndexingLoop loop, SourceOwnership sources) {
    this.loop = loop;
    this.sources = sources;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Publishers.just(
        restarted()
            .or(this::others)
            .orElseGet(() -> HealthResult.builder("source", HealthStatus.UP).build()));
  }

  private Optional<HealthResult> restarted() {
    return loop.sourceRestartSeen()
        .map(
            seen ->
                down(
                    seen,
                    "since",
                    "the source has started its LSN again; its changes are dead-lettered until"
                        + " freshet.source-epoch is raised"));
  }

  /** Down for as long as it goes on: what is dead-lettered is missing in some index. */
  private Optional<HealthResult> others() {
    return sources
        .note()
        .map(note -> down(sources.presentOthers().get(0).lastSeenAt(), "lastSeen", note));
  }

  private static HealthResult down(Instant time, String label, String description) {
    return HealthResult.builder("source", HealthStatus.DOWN)
        .details(Map.of(label, time.toString(), "description", description))
        .build();
  }
}
