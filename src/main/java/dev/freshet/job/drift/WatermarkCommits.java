package dev.freshet.job.drift;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.FeedStatus;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.PublishedWatermark;
import dev.freshet.freshness.TooManyWaitersException;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.job.JobGate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Asks the watermark, and the feed where the watermark does not tell. */
public final class WatermarkCommits implements AppliedCommits {

  /** It may come to be known. */
  private static final Duration GLANCE = Duration.ofSeconds(3);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Waits waits;
  private final Supplier<PublishedWatermark> watermark;
  private final FeedState feed;
  private final JobGate gate;

  /**
   * @param gate closed while nothing is applied
   */
  public WatermarkCommits(
      CommitWaits waits, WatermarkTracker tracker, FeedState feed, JobGate gate) {
    this(waits::awaitCommit, tracker::published, feed, gate);
  }

  WatermarkCommits(
      Waits waits, Supplier<PublishedWatermark> watermark, FeedState feed, JobGate gate) {
    this.waits = waits;
    this.watermark = watermark;
    this.feed = feed;
    this.gate = gate;
  }

  /** Waits for a place, as {@link CommitWaits#awaitCommit} says. */
  @FunctionalInterface
  interface Waits {

    CompletableFuture<Boolean> await(Lsn place, Duration patience) throws TooManyWaitersException;
  }

  @Override
  public Reached await(Lsn place, Duration patience) throws InterruptedException {
    try {
      boolean known = isKnown();
      boolean reached = waits.await(place, known ? patience : GLANCE).get();
      if (!reached) {
        requireFlow();
      }
      if (!isKnown()) {
        return Reached.UNKNOWN;
      }
      return reached ? Reached.YES : Reached.NOT_YET;
    } catch (TooManyWaitersException e) {
      throw new UnavailableException("too many wait for the index", e);
    } catch (ExecutionException e) {
      throw new UnavailableException("the wait for the index has failed", e);
    }
  }

  @Override
  public void awaitByTime(Duration time, Duration patience) throws InterruptedException {
    requireFlow();
    Thread.sleep(time.toMillis());
    Instant end = Instant.now().plus(patience);
    while (messagesWait() && Instant.now().isBefore(end)) {
      requireFlow();
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
    requireFlow();
  }

  private boolean messagesWait() {
    return feed.held() > 0 || feed.backlog().filter(backlog -> backlog.waiting() > 0).isPresent();
  }

  private void requireFlow() {
    gate.pass();
    FeedStatus status = feed.status();
    if (!status.connected() && !standsBy()) {
      throw new UnavailableException(
          "no change is applied, and the check waits: " + status.description());
    }
  }

  private boolean isKnown() {
    PublishedWatermark now = watermark.get();
    return now.exact()
        && now.comparable()
        && (now.watermark() != null || (feed.reportsProgress() && !standsBy()));
  }

  /** Then another instance applies the changes, and only time tells here. */
  private boolean standsBy() {
    return feed.phase() == FeedPhase.STANDS_BY;
  }
}
