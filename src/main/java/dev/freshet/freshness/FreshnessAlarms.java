package dev.freshet.freshness;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what keeps the index from being known to be fresh. */
public final class FreshnessAlarms implements AlarmSource {

  private final FreshnessPoller poller;
  private final FeedState feed;
  private final WatermarkTracker tracker;
  private final IndexingProgress progress;
  private final Duration silence;
  private final Clock clock;

  /**
   * @param silence how long nothing may come from a source whose heartbeats were heard
   */
  public FreshnessAlarms(
      FreshnessPoller poller,
      FeedState feed,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Duration silence,
      Clock clock) {
    this.poller = poller;
    this.feed = feed;
    this.tracker = tracker;
    this.progress = progress;
    this.silence = silence;
    this.clock = clock;
  }

  @Override
  public List<Alarm> alarms() {
    var alarms = new ArrayList<Alarm>();
    poller.indexSilentSince().map(FreshnessAlarms::indexSilent).ifPresent(alarms::add);
    boolean follows = feed.phase() == FeedPhase.FOLLOWS;
    if (follows && feed.status().connected()) {
      poller.queueSilentSince().map(FreshnessAlarms::queueSilent).ifPresent(alarms::add);
    }
    Optional<String> caveat = tracker.caveat();
    caveat.map(FreshnessAlarms::inexact).ifPresent(alarms::add);
    Optional.ofNullable(tracker.published().obstacle())
        .filter(obstacle -> follows && !caveat.equals(Optional.of(obstacle)))
        .map(FreshnessAlarms::held)
        .ifPresent(alarms::add);
    otherSource().ifPresent(alarms::add);
    heartbeatStopped().ifPresent(alarms::add);
    poller
        .backlog()
        .map(Backlog::deadLetters)
        .filter(count -> count > 0)
        .map(FreshnessAlarms::deadLetters)
        .ifPresent(alarms::add);
    return alarms;
  }

  private static Alarm indexSilent(Instant since) {
    return new Alarm(
        Cause.INDEX_SILENT,
        since,
        "the index does not answer; what is told of it is as of before",
        "look at its database: is it reachable, and does a lock hold up Freshet's tables?");
  }

  private static Alarm queueSilent(Instant since) {
    return new Alarm(
        Cause.FEED_SILENT,
        since,
        "the feed is connected and does not answer, so what waits is not known",
        "look at the broker, or the source: its alarms, its load, and the network to it");
  }

  private static Alarm inexact(String caveat) {
    return new Alarm(
        Cause.WATERMARK_INEXACT,
        null,
        "the watermark is not exact: " + caveat,
        "mend what it names; documents and searches go on");
  }

  private static Alarm held(String obstacle) {
    return new Alarm(
        Cause.WATERMARK_HELD,
        null,
        "the watermark stands still: " + obstacle,
        "mend what it names; documents and searches go on");
  }

  private Optional<Alarm> otherSource() {
    return progress
        .sources()
        .note()
        .map(
            note ->
                new Alarm(
                    Cause.OTHER_SOURCE,
                    null,
                    note,
                    "give each source a queue and an index of its own; if the connector was renamed,"
                        + " raise freshet.source-epoch by one, restart and replay"));
  }

  private static Alarm deadLetters(long count) {
    return new Alarm(
        Cause.DEAD_LETTERS,
        null,
        count == 1 ? "1 change was given up" : count + " changes were given up",
        "see why with GET /dead-letters, mend the cause, and replay or discard them");
  }

  /**
   * That nothing comes is no trouble where nobody writes; only a heartbeat would come all the same.
   */
  private Optional<Alarm> heartbeatStopped() {
    boolean nothingWaits =
        poller.backlog().filter(known -> known.waiting() + feed.held() == 0).isPresent();
    return progress
        .lastHeartbeat()
        .flatMap(heartbeat -> progress.lastHeard())
        .filter(heard -> nothingWaits && heard.plus(silence).isBefore(clock.instant()))
        .map(
            heard ->
                new Alarm(
                    Cause.HEARTBEAT_STOPPED,
                    heard,
                    "heartbeats came from the source, and nothing has come since " + heard,
                    "look whether Debezium runs, and whether its replication slot moves"));
  }
}
