package dev.freshet.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ArrivalClockTest {

  private static final Instant NOON = Instant.parse("2024-02-29T12:00:00.000000999Z");

  @Test
  void aStandingClockStillGivesIncreasingTimes() {
    var clock = new ArrivalClock(Clock.fixed(NOON, ZoneOffset.UTC));

    assertThat(clock.next()).isEqualTo("2024-02-29T12:00:00Z");
    assertThat(clock.next()).isEqualTo("2024-02-29T12:00:00.000001Z");
  }

  @Test
  void aClockThatIsSetBackStillGivesIncreasingTimes() {
    var times = new Instant[] {NOON};
    InstantSource source = () -> times[0];
    var clock = new ArrivalClock(source.withZone(ZoneOffset.UTC));
    Instant before = clock.next();

    times[0] = NOON.minus(Duration.ofHours(1));

    assertThat(clock.next()).isAfter(before);
  }
}
