package dev.freshet.api.health;

import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Whether the positions of the source's events can be compared with those that were applied. */
@Singleton
@Requires(beans = IndexingLoop.class)
final class SourceHealth implements HealthIndicator, NotForReadiness {

  private final IndexingLoop loop;

  SourceHealth(IndexingLoop loop) {
    this.loop = loop;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Publishers.just(
        loop.sourceRestartSeen()
            .map(
                seen ->
                    HealthResult.builder("source", HealthStatus.DOWN)
                        .details(
                            Map.of(
                                "since",
                                seen.toString(),
                                "description",
                                "the source has started its LSN again; its changes are"
                                    + " dead-lettered until freshet.source-epoch is raised"))
                        .build())
            .orElseGet(() -> HealthResult.builder("source", HealthStatus.UP).build()));
  }
}
