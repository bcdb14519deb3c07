package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.freshness.LagHistory.Step;
import dev.freshet.freshness.LagHistory.Summary;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LagHistoryTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:02Z");

  private final SettableClock clock = new SettableClock();
  private final LagHistory history = new LagHistory(clock);

  private static final class SettableClock extends Clock {

    private Instant now = START;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private void pass(Duration time) {
    clock.now = clock.now.plus(time);
  }

  private static Lag total(long millis) {
    return new Lag(Map.of(Stage.TOTAL, Duration.ofMillis(millis)));
  }

  private List<Step> steps(int minutes) {
    return history.steps(Duration.ofMinutes(minutes));
  }

  @Test
  void itBeginsWithTheStepInWhichTheServiceStarted() {
    assertThat(steps(10))
        .extracting(Step::at)
        .containsExactly(Instant.parse("2026-01-01T00:00:00Z"));
    pass(Duration.ofSeconds(8));
    assertThat(steps(10))
        .extracting(Step::at)
        .containsExactly(
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T00:00:05Z"),
            Instant.parse("2026-01-01T00:00:10Z"));
  }

  @Test
  void aStepHasWhatHappenedInIt() {
    history.settled(3);
    history.changed();
    history.changed();
    history.indexed();
    for (int millis = 1; millis <= 100; millis++) {
      history.record(total(millis));
    }
    pass(LagHistory.STEP);
    history.settled(1);

    List<Step> steps = steps(1);
    assertThat(steps).extracting(Step::events).containsExactly(3L, 1L);
    assertThat(steps).extracting(Step::changes).containsExactly(2L, 0L);
    assertThat(steps).extracting(Step::documents).containsExactly(1L, 0L);
    Summary total = steps.get(0).stages().get(Stage.TOTAL);
    assertThat(total.count()).isEqualTo(100);
    assertThat(total.p50Millis()).isBetween(50L, 56L);
    assertThat(total.p95Millis()).isBetween(95L, 100L);
    assertThat(total.maxMillis()).isEqualTo(100);
    assertThat(steps.get(1).stages()).containsOnlyKeys(Stage.values());
    assertThat(steps.get(1).stages()).containsEntry(Stage.TOTAL, new Summary(0, 0, 0, 0));
  }

  @Test
  void anOutlierShowsInTheMaximumAlone() {
    for (int i = 0; i < 99; i++) {
      history.record(total(10));
    }
    history.record(total(Duration.ofDays(2_000).toMillis()));
    Summary total = steps(1).get(0).stages().get(Stage.TOTAL);
    assertThat(total.p50Millis()).isEqualTo(10);
    assertThat(total.p95Millis()).isEqualTo(10);
    assertThat(total.maxMillis()).isEqualTo(Duration.ofDays(2_000).toMillis());
  }

  @Test
  void noPercentileIsMoreThanAnEighthTooLargeOrTooSmall() {
    for (long millis = 1; millis < Duration.ofHours(2).toMillis(); millis += 1 + millis / 7) {
      var histogram = new MillisHistogram();
      histogram.record(Duration.ofMillis(millis));
      histogram.record(Duration.ofDays(1));
      assertThat(histogram.percentileMillis(50)).isBetween(millis, millis + millis / 8);
    }
  }

  @Test
  void aStepCountsTheSearchesThatWereAnswered() {
    history.searched(Duration.ofMillis(3));
    history.searched(Duration.ofMillis(9));
    assertThat(steps(1).get(0).searches()).isEqualTo(new Summary(2, 3, 9, 9));
  }

  @Test
  void itForgetsWhatIsOlderThanItsReach() {
    history.settled(7);
    pass(LagHistory.REACH);
    assertThat(steps(15)).hasSize(181).element(0).extracting(Step::events).isEqualTo(7L);
    assertThat(steps(1)).hasSize(13);
    pass(LagHistory.STEP);
    assertThat(steps(15)).hasSize(181).extracting(Step::events).containsOnly(0L);
    history.settled(1);
    assertThat(steps(15)).extracting(Step::events).endsWith(1L).containsOnlyOnce(1L);
  }

  @Test
  void aPauseLongerThanItsReachLeavesNothingOld() {
    history.settled(7);
    pass(LagHistory.REACH.multipliedBy(3).plus(LagHistory.STEP));
    assertThat(steps(15)).extracting(Step::events).containsOnly(0L);
  }
}
