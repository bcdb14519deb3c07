package dev.freshet.api.health;

import dev.freshet.feed.FeedState;
import dev.freshet.feed.FeedStatus;
import dev.freshet.indexing.Consumption;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.indexing.Stall;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.reactivestreams.Publisher;

/**
 * Whether messages are consumed. Standing still for a fault is down; a pause is somebody's wish,
 * and up.
 */
@Singleton
@Requires(beans = {IndexingLoop.class, FeedState.class})
final class ConsumptionHealth implements HealthIndicator, NotForReadiness {

  private static final String DISCONNECTED = "disconnected";

  private static final Set<Consumption.State> UP =
      EnumSet.of(Consumption.State.RUNNING, Consumption.State.PAUSING, Consumption.State.PAUSED);

  private final IndexingLoop loop;
  private final FeedState feed;

  ConsumptionHealth(IndexingLoop loop, FeedState feed) {
    this.loop = loop;
    this.feed = feed;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    Consumption consumption = loop.consumption();
    FeedStatus source = feed.status();
    if (consumption.state() == Consumption.State.RUNNING && !source.connected()) {
      // The loop runs, and nothing comes that it could take.
      return result(
          HealthStatus.DOWN, Map.of("state", DISCONNECTED, "description", source.description()));
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("state", consumption.state().label());
    details.put("since", consumption.since().toString());
    consumption.reason().ifPresent(reason -> details.put("description", reason));
    if (consumption.state() == Consumption.State.STALLED) {
      loop.stall().map(Stall::side).ifPresent(side -> details.put("waitsFor", side));
    }
    boolean up = UP.contains(consumption.state());
    return result(up ? HealthStatus.UP : HealthStatus.DOWN, details);
  }

  private static Publisher<HealthResult> result(HealthStatus status, Map<String, Object> details) {
    return Publishers.just(HealthResult.builder("consumption", status).details(details).build());
  }
}
