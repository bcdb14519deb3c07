package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.alarm.Alarm;
import dev.freshet.alarm.Cause;
import dev.freshet.support.IdleFeed;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedAlarmsTest {

  private static List<Alarm> alarms(FeedStatus status) {
    var feed =
        new IdleFeed() {
          @Override
          public FeedStatus status() {
            return status;
          }
        };
    return new FeedAlarms(feed).alarms();
  }

  @Test
  void aFeedThatDeliversIsNoAlarm() {
    assertThat(alarms(new FeedStatus(true, "connected"))).isEmpty();
  }

  @Test
  void aLostConnectionIsOne() {
    assertThat(alarms(new FeedStatus(false, "RabbitMQ at here: the connection is refused")))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.cause()).isEqualTo(Cause.FEED_DISCONNECTED))
        .satisfies(alarm -> assertThat(alarm.description()).contains("is refused"));
  }

  @Test
  void aBrokerThatBlocksPublishersIsOneThatDelaysChanges() {
    assertThat(alarms(new FeedStatus(true, "connected", "low on memory", List.of())))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.cause()).isEqualTo(Cause.FEED_BLOCKED))
        .satisfies(alarm -> assertThat(alarm.description()).contains("low on memory"))
        .satisfies(alarm -> assertThat(alarm.cause().delaysChanges()).isTrue());
  }
}
