package dev.freshet.api;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.freshness.FreshnessPoller;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** What the feed says of itself, asked at the moment of the call. */
@Singleton
final class FeedFigures {

  private final FeedState feed;
  private final UnroutedWatch unrouted;
  private final LatestAnswer<Backlog> backlog;

  FeedFigures(
      FeedState feed,
      UnroutedWatch unrouted,
      FreshnessPoller poller,
      Clock clock,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.feed = feed;
    this.unrouted = unrouted;
    this.backlog = new LatestAnswer<>(poller::refreshQueue, Duration.ZERO, executor, clock);
  }

  /** Without what waits, where the feed does not answer now. */
  FreshnessReport.Feed now() {
    return FreshnessReport.Feed.of(
        feed,
        backlog.now().filter(LatestAnswer.Known::recent).map(LatestAnswer.Known::value),
        unrouted.known());
  }
}
