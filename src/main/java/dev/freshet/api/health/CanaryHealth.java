package dev.freshet.api.health;

import dev.freshet.canary.CanaryState;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Tells of the canary; a failing one asks for a look, not for a restart, so health stays up. */
@Singleton
@Requires(beans = CanaryState.class)
final class CanaryHealth implements HealthIndicator, NotForReadiness {

  private final CanaryState state;

  CanaryHealth(CanaryState state) {
    this.state = state;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    Map<String, Object> details =
        state
            .last()
            .map(
                last ->
                    Map.<String, Object>of(
                        "failing",
                        last.failed(),
                        "at",
                        last.at().toString(),
                        "description",
                        last.description()))
            .orElseGet(() -> Map.of("description", "no probe has ended yet"));
    return Publishers.just(
        HealthResult.builder("canary", HealthStatus.UP).details(details).build());
  }
}
