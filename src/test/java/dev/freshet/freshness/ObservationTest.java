package dev.freshet.freshness;

import static dev.freshet.freshness.Messages.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.FeedStatus;
import dev.freshet.ledger.Watermark;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObservationTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant RECENTLY = NOW.minusSeconds(3);
  private static final Instant LONG_AGO = NOW.minusSeconds(61);

  private static Observation seen(
      @Nullable Long pending, @Nullable Instant heard, @Nullable Instant committedAt) {
    var published = new PublishedWatermark(new Watermark(place(1), committedAt), true, null, true);
    var feed = new FeedStatus(false, "RabbitMQ at here is unreachable");
    return new Observation(published, feed, pending, heard, Duration.ofMinutes(1), NOW);
  }

  @Test
  void whileChangesWaitTheLagIsTheAgeOfTheNewestCommitApplied() {
    Observation seen = seen(3L, RECENTLY, NOW.minusSeconds(7));
    assertThat(seen.lag()).isEqualTo(Duration.ofSeconds(7));
    assertThat(seen.note()).isNull();
    assertThat(seen(3L, LONG_AGO, LONG_AGO).lag()).isEqualTo(Duration.ofSeconds(61));
  }

  @Test
  void withNothingWaitingAndTheSourceHeardThereIsNone() {
    Observation seen = seen(0L, RECENTLY, LONG_AGO);
    assertThat(seen.lag()).isEqualTo(Duration.ZERO);
    assertThat(seen.silentSince()).isNull();
    assertThat(seen.note()).isNull();
  }

  @Test
  void aSilentSourceIsNoZero() {
    Observation seen = seen(0L, LONG_AGO, LONG_AGO);
    assertThat(seen.lag()).isNull();
    assertThat(seen.silentSince()).isEqualTo(LONG_AGO);
    assertThat(seen.note()).contains(LONG_AGO.toString(), "heartbeat");
  }

  @Test
  void norIsOneThatWasNeverHeard() {
    Observation seen = seen(0L, null, LONG_AGO);
    assertThat(seen.lag()).isNull();
    assertThat(seen.silentSince()).isNull();
    assertThat(seen.note()).contains("since the start");
  }

  @Test
  void aQueueThatCannotBeAskedIsNoZeroEither() {
    Observation seen = seen(null, RECENTLY, RECENTLY);
    assertThat(seen.lag()).isNull();
    assertThat(seen.note()).contains("RabbitMQ at here is unreachable");
  }

  @Test
  void withoutATimeTheLagIsNotKnownAndTheNoteSaysSo() {
    Observation seen = seen(2L, RECENTLY, null);
    assertThat(seen.lag()).isNull();
    assertThat(seen.note()).contains("messages wait");
  }

  @Test
  void aClockThatRunsBehindMakesNoNegativeLag() {
    assertThat(seen(2L, RECENTLY, NOW.plusSeconds(1)).lag()).isEqualTo(Duration.ZERO);
  }
}
