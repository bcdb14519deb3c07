package dev.freshet.feed;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.AlarmSource;
import dev.freshet.alarm.Cause;
import java.util.List;

/** Tells that there is no connection to the feed, or that nobody can publish to it. */
public final class FeedAlarms implements AlarmSource {

  private final FeedState feed;

  public FeedAlarms(FeedState feed) {
    this.feed = feed;
  }

  @Override
  public List<Alarm> alarms() {
    FeedStatus status = feed.status();
    if (!status.connected()) {
      return List.of(
          new Alarm(
              Cause.FEED_DISCONNECTED,
              null,
              "there is no connection to the feed: " + status.description(),
              "mend what it names; Freshet connects again by itself"));
    }
    String blocked = status.blocked();
    return blocked == null
        ? List.of()
        : List.of(
            new Alarm(
                Cause.FEED_BLOCKED,
                null,
                "the broker blocks publishers, so no new change arrives: it is " + blocked,
                "give the broker memory or disk space; what waits in the queue is indexed"));
  }
}
