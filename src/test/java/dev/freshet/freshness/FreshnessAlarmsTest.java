package dev.freshet.freshness;

import static dev.freshet.freshness.Messages.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.Cause;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedStatus;
import dev.freshet.freshness.Messages.Message;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceOwnership;
import dev.freshet.support.IdleFeed;
import dev.freshet.support.InMemoryLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When quiet is quiet, and when it is trouble. */
class FreshnessAlarmsTest {

  private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");

  private static final DocumentId DOCUMENT = DocumentId.of(new TableId("public", "products"), "1");

  private final SettableClock clock = new SettableClock();
  private final CountingFeed feed = new CountingFeed();
  private final InMemoryLedger ledger = new InMemoryLedger();
  private final Waits waits = new Waits(10);
  private Departed.Standing standing = Departed.Standing.CLEAR;
  private final WatermarkTracker tracker =
      new WatermarkTracker(ledger.watermarks(), feed, () -> standing, 0, waits, clock);
  private final IndexingProgress progress =
      new IndexingProgress(
          tracker,
          new SourceOwnership(ledger.notes(), clock),
          new KeyCoverage(ledger),
          waits,
          clock);
  private final FreshnessPoller poller =
      new FreshnessPoller(feed, ledger, progress, List.of(), clock);
  private final FreshnessMonitor monitor =
      new FreshnessMonitor(feed, poller, tracker, progress, Duration.ofMinutes(1), clock);

  private final FreshnessAlarms alarms =
      new FreshnessAlarms(poller, feed, tracker, progress, Duration.ofMinutes(1), clock);

  private static final class SettableClock extends Clock {
    private Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static final class CountingFeed extends IdleFeed {
    private Optional<Backlog> backlog = Optional.of(new Backlog(0, 0));
    private FeedPhase phase = FeedPhase.FOLLOWS;

    @Override
    public FeedPhase phase() {
      return phase;
    }

    @Override
    public Optional<Backlog> backlog() {
      return backlog;
    }

    @Override
    public FeedStatus status() {
      return new FeedStatus(true, "connected to RabbitMQ");
    }
  }

  private void hear() {
    Message taken = message();
    progress.take(List.of(taken));
    progress.heard();
    progress.settle(taken, null, SourceProgress.NONE);
    progress.publish();
  }

  private void later(Duration duration) {
    clock.now = clock.now.plus(duration);
    poller.refresh();
  }

  private List<Cause> causes() {
    return alarms.alarms().stream().map(Alarm::cause).toList();
  }

  @Test
  void aFeedThatStandsByIsNotSilent() {
    later(Duration.ZERO);
    feed.backlog = Optional.empty();
    later(Duration.ofSeconds(20));
    later(Duration.ofSeconds(20));
    assertThat(causes()).contains(Cause.FEED_SILENT);
    feed.phase = FeedPhase.STANDS_BY;
    assertThat(causes()).doesNotContain(Cause.FEED_SILENT, Cause.WATERMARK_HELD);
    later(Duration.ofSeconds(20));
    // It takes over, and is asked for the first time.
    feed.phase = FeedPhase.FOLLOWS;
    later(Duration.ofSeconds(1));
    assertThat(causes()).doesNotContain(Cause.FEED_SILENT);
  }

  @Test
  void aHeartbeatThatWaitsIsNoPendingChange() {
    feed.backlog = Optional.of(new Backlog(1, 0, 0));
    later(Duration.ofSeconds(5));
    assertThat(monitor.now().pending()).isZero();
    assertThat(poller.lastEmptyAt()).contains(START.plusSeconds(5));
    feed.backlog = Optional.of(new Backlog(2, 0, 1));
    later(Duration.ofSeconds(5));
    assertThat(monitor.now().pending()).isEqualTo(1);
    assertThat(poller.lastEmptyAt()).contains(START.plusSeconds(5));
  }

  @Test
  void whatWaitsHasNotWaitedForLongerThanSinceNothingDid() {
    assertThat(poller.lastEmptyAt()).isEmpty();
    later(Duration.ofSeconds(5));
    assertThat(poller.lastEmptyAt()).contains(START.plusSeconds(5));
    feed.backlog = Optional.of(new Backlog(1, 0));
    later(Duration.ofSeconds(5));
    assertThat(poller.lastEmptyAt()).contains(START.plusSeconds(5));
    feed.backlog = Optional.of(new Backlog(0, 0));
    later(Duration.ofSeconds(5));
    assertThat(poller.lastEmptyAt()).contains(START.plusSeconds(15));
  }

  @Test
  void whatMakesTheWatermarkInexactIsToldAsThatAndNotAsAHeldWatermark() {
    standing = new Departed.Standing(null, "3 messages are lost", List.of());
    tracker.renew();
    assertThat(alarms.alarms())
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.cause()).isEqualTo(Cause.WATERMARK_INEXACT);
              assertThat(alarm.description()).contains("3 messages are lost");
            });
  }

  @Test
  void aQuietSourceIsNoAlarm() {
    later(Duration.ofHours(1));
    assertThat(causes()).isEmpty();

    hear();
    later(Duration.ofHours(1));
    assertThat(causes()).isEmpty();
    assertThat(monitor.now().lag()).as("and no zero either").isNull();
  }

  @Test
  void aHeartbeatThatStopsIsOne() {
    hear();
    progress.heartbeat();
    later(Duration.ofSeconds(59));
    assertThat(causes()).isEmpty();

    later(Duration.ofSeconds(2));
    assertThat(causes()).containsExactly(Cause.HEARTBEAT_STOPPED);
    assertThat(alarms.alarms()).extracting(Alarm::since).containsExactly(START);

    hear();
    assertThat(causes()).isEmpty();
  }

  @Test
  void changesThatWaitExplainWhyNoHeartbeatIsHeard() {
    hear();
    progress.heartbeat();
    feed.backlog = Optional.of(new Backlog(3, 0));
    later(Duration.ofMinutes(5));

    assertThat(causes()).isEmpty();
  }

  @Test
  void deadLettersAreOne() {
    feed.backlog = Optional.of(new Backlog(0, 2));
    later(Duration.ofSeconds(1));

    assertThat(alarms.alarms())
        .extracting(Alarm::description)
        .containsExactly("2 changes were given up");
  }

  @Test
  void aBrokerThatFallsSilentIsOneAndWhatItSaidIsNotTold() {
    feed.backlog = Optional.of(new Backlog(0, 0));
    later(Duration.ofSeconds(1));
    assertThat(monitor.now().pending()).isZero();

    feed.backlog = Optional.empty();
    later(Duration.ofSeconds(1));
    later(Duration.ofSeconds(5));
    assertThat(causes()).containsExactly(Cause.FEED_SILENT);
    assertThat(monitor.now().pending()).isNull();
  }

  @Test
  void anIndexThatFallsSilentIsOne() {
    later(Duration.ofSeconds(1));
    ledger.failures().fail();
    later(Duration.ofSeconds(1));
    assertThat(causes()).isEmpty();

    later(Duration.ofSeconds(5));
    assertThat(causes()).containsExactly(Cause.INDEX_SILENT);
  }

  @Test
  void failedDocumentsAreNotKnownBeforeTheyWereCounted() {
    assertThat(monitor.now().failedDocuments()).isNull();

    later(Duration.ofSeconds(1));
    assertThat(monitor.now().failedDocuments()).isZero();
  }

  @Test
  void aFailureCountsAtOnceWhileTheIndexIsSilent() {
    later(Duration.ofSeconds(1));
    ledger.failures().fail();
    Message taken = message();
    progress.take(List.of(taken));
    progress.settleFaulty(taken, DOCUMENT, 7L, SourceProgress.NONE);

    assertThat(monitor.now().failedDocuments()).isEqualTo(1);
  }
}
