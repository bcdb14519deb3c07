package dev.freshet.freshness;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.ledger.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Tells how fresh the index is. It asks nobody, and so answers whatever is down. */
public final class FreshnessMonitor {

  private final FeedState feed;
  private final FreshnessPoller poller;
  private final WatermarkTracker tracker;
  private final IndexingProgress progress;
  private final Duration silence;
  private final Clock clock;

  /**
   * @param silence how long nothing may come before the source counts as silent
   */
  public FreshnessMonitor(
      FeedState feed,
      FreshnessPoller poller,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Duration silence,
      Clock clock) {
    this.feed = feed;
    this.poller = poller;
    this.tracker = tracker;
    this.progress = progress;
    this.silence = silence;
    this.clock = clock;
  }

  /** How fresh the index is now. */
  public Freshness now() {
    PublishedWatermark published = tracker.published();
    Optional<Backlog> waiting = poller.backlog();
    var seen =
        new Observation(
            published,
            feed.status(),
            waiting.map(known -> known.possibleChanges() + feed.heldPossibleChanges()).orElse(null),
            progress.lastHeard().orElse(null),
            silence,
            clock.instant());
    return new Freshness(
        Optional.ofNullable(published.watermark()).map(Watermark::position).orElse(null),
        seen.asOfTime().orElse(null),
        published.exact(),
        seen.lag(),
        seen.pending(),
        waiting.map(Backlog::deadLetters).orElse(null),
        poller.failedDocuments(),
        seen.silentSince(),
        Optional.ofNullable(seen.note()).or(progress.sources()::note).orElse(null));
  }
}
