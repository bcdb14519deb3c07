package dev.freshet.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much a job does at once. */
class PaceTest {

  private final Pace pace = new Pace(0.25);

  /** Goes on for so many batches; answers how long the last large one took. */
  private Duration hold(int batches, Duration fixed, Duration each) {
    Duration longest = Duration.ZERO;
    for (int i = 0; i < batches; i++) {
      int changes = pace.batch();
      Duration taken = fixed.plus(each.multipliedBy(changes));
      pace.learn(changes, taken, ms(0));
      longest = longest.compareTo(taken) > 0 ? longest : taken;
    }
    return longest;
  }

  @Test
  void aBatchHoldsTheSinkNoLongerThanALiveChangeMayWait() {
    assertThat(hold(200, Duration.ZERO, Duration.ofMillis(5))).isBetween(ms(20), ms(26));
    assertThat(pace.batch()).isBetween(4, 5);
  }

  /** Before, it became one change for each flush of a slow disk. */
  @Test
  void whereABatchCostsMuchWhateverIsInItMuchIsInIt() {
    assertThat(hold(200, ms(250), ms(1))).isLessThan(ms(380));
    assertThat(pace.batch()).isGreaterThan(100);
  }

  @Test
  void slowChangesComeOneByOne() {
    assertThat(hold(200, ms(5), ms(80))).isEqualTo(ms(165));
    assertThat(pace.batch()).isEqualTo(1);
    assertThat(hold(20, ms(5), ms(80))).isEqualTo(ms(85));
  }

  /** A pause of the machine at the wrong moment says nothing of the changes. */
  @Test
  void oneSlowBatchIsForgotten() {
    pace.learn(1, ms(100), ms(0));
    pace.learn(2, ms(900), ms(0));
    assertThat(pace.batch()).isEqualTo(1);
    hold(600, ms(100), ms(1));
    assertThat(pace.batch()).isGreaterThan(20);
  }

  @Test
  void aDiskThatBecomesSlowOrFastIsNoticed() {
    hold(200, ms(1), ms(2));
    int fast = pace.batch();
    hold(400, ms(400), ms(2));
    assertThat(pace.batch()).isGreaterThan(60);
    hold(600, ms(1), ms(2));
    assertThat(pace.batch()).isBetween(fast - 3, fast + 3);
  }

  @Test
  void itLeavesTheSinkUnusedForAsLongAsItsShareSays() {
    assertThat(pace.idleAfter(ms(30))).isEqualTo(ms(90));
    assertThat(new Pace(1).idleAfter(ms(30))).isZero();
  }

  @Test
  void itGoesOnInTheEndWhereLiveChangesNeverPause() {
    assertThat(new Pace(0.3).longestRestAfter(ms(30)).toMillis()).isEqualTo(570);
    assertThat(new Pace(1).longestRestAfter(ms(30)).toMillis()).isEqualTo(150);
  }

  /** Else a job would starve where each batch of live changes takes long. */
  @Test
  void besideLongBatchesItsOwnMayTakeItsShare() {
    for (int i = 0; i < 100; i++) {
      pace.learn(pace.batch(), ms(5L * pace.batch()), ms(900));
    }
    assertThat(pace.batch()).isBetween(40, 45);
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
