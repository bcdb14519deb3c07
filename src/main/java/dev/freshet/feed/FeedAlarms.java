package dev.freshet.feed;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import java.util.List;

/** Tells that there is no connection to the feed. */
public final class FeedAlarms implements AlarmSource {

  private final ChangeFeed feed;

  public FeedAlarms(ChangeFeed feed) {
    this.feed = feed;
  }

  @Override
  public List<Alarm> alarms() {
    FeedStatus status = feed.status();
    return status.connected()
        ? List.of()
        : List.of(
            new Alarm(
                Cause.FEED_DISCONNECTED,
                null,
                "there is no connection to the feed: " + status.description(),
                "mend what it names; Freshet connects again by itself"));
  }
}
