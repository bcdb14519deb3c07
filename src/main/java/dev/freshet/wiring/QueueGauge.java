package dev.freshet.wiring;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;

/** Measures how many messages wait on the feed; no number while nobody can tell. */
@Singleton
class QueueGauge {

  private static final String NAME = "freshet.queue.messages";
  private static final String DESCRIPTION =
      "Messages that no consumer has taken (ready), or that this instance holds (in-flight)";

  private final ChangeFeed feed;
  private volatile double ready = Double.NaN;

  QueueGauge(ChangeFeed feed, MeterRegistry registry) {
    this.feed = feed;
    Gauge.builder(NAME, this, gauge -> gauge.ready)
        .description(DESCRIPTION)
        .tag("state", "ready")
        .register(registry);
    Gauge.builder(NAME, feed, ChangeFeed::held)
        .description(DESCRIPTION)
        .tag("state", "in-flight")
        .register(registry);
    Gauge.builder("freshet.feed.blocked", feed, one -> one.status().blocked() == null ? 0 : 1)
        .description("1 while the broker takes no messages from publishers, else 0")
        .register(registry);
  }

  @Scheduled(initialDelay = "1s", fixedDelay = "5s")
  void measure() {
    ready = feed.backlog().map(Backlog::waiting).map(Long::doubleValue).orElse(Double.NaN);
  }
}
