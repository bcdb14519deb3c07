package dev.freshet.api.health;

import dev.freshet.feed.FeedState;
import dev.freshet.feed.FeedStatus;
import io.micronaut.context.annotation.Requires;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;

/** Whether messages can arrive; a search does not need them. */
@Singleton
@Requires(beans = FeedState.class)
final class FeedHealth implements HealthIndicator, NotForReadiness {

  private final TimeLimitedCheck check;

  FeedHealth(FeedState feed, @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.check =
        new TimeLimitedCheck("feed", () -> answer(feed.status()), executor, TimeLimitedCheck.LIMIT);
  }

  private static TimeLimitedCheck.Answer answer(FeedStatus status) {
    Map<String, Object> details = new HashMap<>();
    if (status.blocked() != null) {
      details.put("blocked", status.blocked());
    }
    if (!status.remarks().isEmpty()) {
      details.put("remarks", status.remarks());
    }
    return new TimeLimitedCheck.Answer(status.connected(), status.description(), details);
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return check.result();
  }
}
