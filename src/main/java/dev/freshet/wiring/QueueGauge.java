package dev.freshet.wiring;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.FreshnessPoller;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.util.function.ToLongFunction;

/** Shows what waits on the feed, as of the last look; no number while nobody can tell. */
@Singleton
class QueueGauge {

  private static final String NAME = "freshet.queue.messages";
  private static final String DESCRIPTION =
      "Messages that no consumer has taken (ready), or that this instance holds (in-flight)";

  private final FreshnessPoller poller;
  private final FeedState feed;
  private final MeterRegistry registry;

  QueueGauge(FreshnessPoller poller, FeedState feed, MeterRegistry registry) {
    this.poller = poller;
    this.feed = feed;
    this.registry = registry;
  }

  /** Before the first scrape. */
  @EventListener
  void register(ServerStartupEvent started) {
    Gauge.builder(NAME, poller, known -> count(known, Backlog::waiting))
        .description(DESCRIPTION)
        .tag("state", "ready")
        .register(registry);
    Gauge.builder(NAME, feed, FeedState::held)
        .description(DESCRIPTION)
        .tag("state", "in-flight")
        .register(registry);
    Gauge.builder(
            "freshet.dead.letters.waiting", poller, known -> count(known, Backlog::deadLetters))
        .description("Dead letters that wait to be replayed or discarded")
        .register(registry);
    Gauge.builder("freshet.feed.blocked", feed, one -> one.status().blocked() == null ? 0 : 1)
        .description("1 while the broker takes no messages from publishers, else 0")
        .register(registry);
  }

  private static double count(FreshnessPoller poller, ToLongFunction<Backlog> part) {
    return poller.backlog().stream().mapToDouble(part::applyAsLong).findAny().orElse(Double.NaN);
  }
}
