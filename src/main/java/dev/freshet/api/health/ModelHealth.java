package dev.freshet.api.health;

import dev.freshet.index.EmbeddingSpace;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Which embedding model is loaded; a service whose model does not load does not start. */
@Singleton
@Requires(beans = EmbeddingSpace.class)
final class ModelHealth implements HealthIndicator {

  private final EmbeddingSpace space;

  ModelHealth(EmbeddingSpace space) {
    this.space = space;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Publishers.just(
        HealthResult.builder("model", HealthStatus.UP)
            .details(Map.of("name", space.model(), "dimension", space.dimension()))
            .build());
  }
}
