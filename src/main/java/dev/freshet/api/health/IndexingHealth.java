package dev.freshet.api.health;

import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Whether the indexing loop goes on; once it has ended only a restart helps. */
@Liveness
@Singleton
@Requires(beans = IndexingLoop.class)
final class IndexingHealth implements HealthIndicator {

  private final IndexingLoop loop;

  IndexingHealth(IndexingLoop loop) {
    this.loop = loop;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    boolean ended = loop.hasEnded();
    String description =
        ended ? "the indexing loop has ended; restart the service" : "the indexing loop goes on";
    return Publishers.just(
        HealthResult.builder("indexing", ended ? HealthStatus.DOWN : HealthStatus.UP)
            .details(Map.of("description", description))
            .build());
  }
}
