package dev.freshet.job.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.FeedStatus;
import dev.freshet.freshness.PublishedWatermark;
import dev.freshet.job.drift.AppliedCommits.Reached;
import dev.freshet.ledger.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatermarkCommitsTest {

  private static final Lsn PLACE = new Lsn(100);
  private static final Duration SOON = Duration.ofMillis(10);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Feed feed = new Feed();
  private PublishedWatermark published = watermark(null);
  private final WatermarkCommits commits =
      new WatermarkCommits(
          (place, patience) ->
              CompletableFuture.completedFuture(published.reaches(new CommitPosition(0, place))),
          () -> published,
          feed,
          Optional::empty);

  private static PublishedWatermark watermark(@Nullable Long reached) {
    Watermark known =
        reached == null
            ? null
            : new Watermark(new CommitPosition(0, new Lsn(reached)), Instant.EPOCH);
    return new PublishedWatermark(known, true, null, true);
  }

  /** What it tells is set; one message less waits with each look. */
  private static final class Feed implements FeedState {

    private boolean connected = true;
    private boolean reportsProgress;
    private FeedPhase phase = FeedPhase.FOLLOWS;
    private long waiting;

    @Override
    public FeedStatus status() {
      return new FeedStatus(connected, "the broker is away");
    }

    @Override
    public boolean reportsProgress() {
      return reportsProgress;
    }

    @Override
    public FeedPhase phase() {
      return phase;
    }

    @Override
    public int held() {
      return 0;
    }

    @Override
    public Optional<Backlog> backlog() {
      return Optional.of(new Backlog(Math.max(0, waiting--), 0));
    }
  }

  @Test
  void aWatermarkThatHasReachedThePlaceHasIt() throws Exception {
    published = watermark(100L);

    assertThat(commits.await(PLACE, SOON)).isEqualTo(Reached.YES);
  }

  @Test
  void aWatermarkBehindThePlaceHasItNotYet() throws Exception {
    published = watermark(99L);

    assertThat(commits.await(PLACE, SOON)).isEqualTo(Reached.NOT_YET);
  }

  @Test
  void aFeedThatReportsProgressIsWaitedForBeforeTheFirstWatermark() throws Exception {
    feed.reportsProgress = true;

    assertThat(commits.await(PLACE, SOON)).isEqualTo(Reached.NOT_YET);
  }

  @Test
  void aFeedThatDoesNotReportProgressMayNeverTell() throws Exception {
    assertThat(commits.await(PLACE, SOON)).isEqualTo(Reached.UNKNOWN);
  }

  @Test
  void aFeedWithoutAConnectionIsWaitedForWhateverIsKnown() {
    feed.connected = false;

    assertThatThrownBy(() -> commits.await(PLACE, SOON))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("the broker is away");
    assertThatThrownBy(() -> commits.awaitByTime(SOON, LONG))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void anInstanceThatStandsByGoesByTime() throws Exception {
    feed.connected = false;
    feed.reportsProgress = true;
    feed.phase = FeedPhase.STANDS_BY;

    assertThat(commits.await(PLACE, SOON)).isEqualTo(Reached.UNKNOWN);
    commits.awaitByTime(SOON, LONG);
    assertThat(feed.waiting).isNegative();
  }

  @Test
  void whatWaitsIsAppliedBeforeTimeDecides() throws Exception {
    feed.waiting = 3;

    commits.awaitByTime(SOON, LONG);

    assertThat(feed.waiting).isNegative();
  }

  @Test
  void aFeedThatIsNeverEmptyDoesNotHoldACheckForEver() throws Exception {
    feed.waiting = Long.MAX_VALUE;

    commits.awaitByTime(SOON, SOON);

    assertThat(feed.waiting).isPositive();
  }
}
