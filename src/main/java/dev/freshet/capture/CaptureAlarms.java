package dev.freshet.capture;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.RetainedLog;
import java.util.List;

/** Tells that the source keeps much of its log for the slot, or is about to give it up. */
final class CaptureAlarms implements AlarmSource {

  private static final String GIVING_UP = "unreserved";
  private static final long MEGABYTE = 1 << 20;

  private final FeedState feed;
  private final long mostBytes;

  CaptureAlarms(FeedState feed, long mostBytes) {
    this.feed = feed;
    this.mostBytes = mostBytes;
  }

  @Override
  public List<Alarm> alarms() {
    return feed
        .retained()
        .filter(log -> log.bytes() > mostBytes || log.status().equals(GIVING_UP))
        .map(CaptureAlarms::alarm)
        .stream()
        .toList();
  }

  private static Alarm alarm(RetainedLog log) {
    return new Alarm(
        Cause.LOG_RETAINED,
        null,
        "the source keeps %d MB of its log for the slot '%s' (wal_status %s)"
            .formatted(log.bytes() / MEGABYTE, log.slot(), log.status()),
        log.status().equals(GIVING_UP)
            ? "raise max_slot_wal_keep_size at the source now: the next checkpoint may remove the log,"
                + " and then all rows have to be read again"
            : "see why indexing does not follow (GET /consumption); a transaction that stays open at"
                + " the source holds the slot, too");
  }
}
