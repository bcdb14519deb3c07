package dev.freshet.api;

import dev.freshet.alarm.Alarm;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.FreshnessConfiguration;
import dev.freshet.freshness.FreshnessPoller;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.LagHistory.Step;
import dev.freshet.freshness.LagHistory.Summary;
import dev.freshet.freshness.Stage;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the one word on freshness is made of. */
@Singleton
final class StatusFigures {

  /** How far back changes count as the newest ones. */
  private static final Duration LATELY = Duration.ofSeconds(15);

  private final FeedState feed;
  private final FreshnessPoller poller;
  private final LagHistory history;
  private final Duration target;
  private final Clock clock;

  StatusFigures(
      FeedState feed,
      FreshnessPoller poller,
      LagHistory history,
      FreshnessConfiguration configuration,
      Clock clock) {
    this.feed = feed;
    this.poller = poller;
    this.history = history;
    this.target = configuration.target();
    this.clock = clock;
  }

  /** Within which time a change is to be searchable. */
  Duration target() {
    return target;
  }

  FreshnessStatus status(FreshnessBlock freshness, List<Alarm> alarms) {
    Instant now = clock.instant();
    List<Step> steps = history.steps(LATELY);
    return FreshnessStatus.of(
        new FreshnessStatus.Seen(
            freshness,
            alarms,
            feed.phase(),
            feed.status().description(),
            poller
                .lastEmptyAt()
                .map(empty -> Duration.between(empty, now))
                .filter(it -> !it.isNegative())
                .orElse(null),
            took(steps).orElse(null),
            steps.stream().mapToLong(Step::events).sum(),
            target,
            now));
  }

  /** The largest of the steps' percentiles is no smaller than the percentile of all. */
  private static Optional<Duration> took(List<Step> steps) {
    return steps.stream()
        .map(step -> step.stages().get(Stage.TOTAL))
        .filter(total -> total != null && total.count() > 0)
        .map(Summary::p95Millis)
        .max(Comparator.naturalOrder())
        .map(Duration::ofMillis);
  }
}
