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
    HealthResult.Builder result =
        loop.hasEnded()
            ? HealthResult.builder("indexing", HealthStatus.DOWN)
                .details(Map.of("description", "the indexing loop has ended; restart the service"))
            : HealthResult.builder("indexing", HealthStatus.UP);
    return Publishers.just(result.build());
  }
}
