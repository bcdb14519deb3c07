package dev.freshet.api.health;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.management.endpoint.annotation.Endpoint;
import io.micronaut.management.endpoint.annotation.Read;
import io.micronaut.management.endpoint.annotation.Selector;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.management.health.aggregator.HealthAggregator;
import io.micronaut.management.health.indicator.HealthCheckType;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import java.security.Principal;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * The framework's endpoint with another readiness: whether searches are answered. The framework
 * counts every indicator in that is not about liveness, so that a broker that is down would take an
 * index away that can be searched.
 */
@Endpoint(value = HealthEndpoint.NAME, defaultSensitive = HealthEndpoint.DEFAULT_SENSITIVE)
@Replaces(HealthEndpoint.class)
class SearchReadiness extends HealthEndpoint {

  private final HealthAggregator<HealthResult> aggregator;
  private final HealthIndicator[] liveness;

  SearchReadiness(
      HealthAggregator<HealthResult> aggregator,
      HealthIndicator[] all,
      @Liveness HealthIndicator[] liveness) {
    super(aggregator, all, notForReadiness(all, liveness));
    this.aggregator = aggregator;
    this.liveness = liveness.clone();
  }

  /** What the framework takes for liveness is what it leaves out of readiness. */
  private static HealthIndicator[] notForReadiness(
      HealthIndicator[] all, HealthIndicator[] liveness) {
    return Stream.concat(
            Stream.of(liveness),
            Stream.of(all).filter(indicator -> indicator instanceof NotForReadiness))
        .toArray(HealthIndicator[]::new);
  }

  @Override
  @Read
  public Publisher<HealthResult> getHealth(@Nullable Principal principal) {
    return super.getHealth(principal);
  }

  @Override
  @Read
  public Publisher<HealthResult> getHealth(
      @Nullable Principal principal, @Selector HealthCheckType selector) {
    return selector == HealthCheckType.LIVENESS
        ? aggregator.aggregate(liveness, levelOfDetail(principal))
        : super.getHealth(principal, selector);
  }
}
