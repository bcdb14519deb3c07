package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

  private static WalPosition streamed(Long lastCommit, long lsn) {
    return new WalPosition(0, lastCommit == null ? null : new Lsn(lastCommit), false, new Lsn(lsn));
  }

  private static WalPosition read(long lsn) {
    return new WalPosition(0, null, true, new Lsn(lsn));
  }

  @Test
  void theLastCommitOrdersBeforeTheLsn() {
    // The insert waited in a unique check for the delete, so its own LSN is the smaller one.
    assertThat(streamed(300L, 210).supersedes(streamed(100L, 250))).isTrue();
    assertThat(streamed(100L, 250).supersedes(streamed(300L, 210))).isFalse();
  }

  @Test
  void aStreamedEventSupersedesTheSnapshotReadOfTheSameLsn() {
    assertThat(streamed(500L, 500).supersedes(read(500))).isTrue();
    assertThat(read(500).supersedes(streamed(500L, 500))).isFalse();
  }

  @Test
  void beforeTheFirstCommitAStreamedEventSupersedesTheSnapshot() {
    assertThat(streamed(null, 400).supersedes(read(500))).isTrue();
    assertThat(streamed(300L, 400).supersedes(read(500))).isFalse();
  }

  @Test
  void beforeTheFirstCommitTheTimeTellsTheSnapshotThatAnEventFollowsFromALaterOne() {
    var firstRead = new WalPosition(0, null, true, new Lsn(500), Instant.ofEpochMilli(1_000));
    var streamed = new WalPosition(0, null, false, new Lsn(400), Instant.ofEpochMilli(1_500));
    var laterRead = new WalPosition(0, null, true, new Lsn(900), Instant.ofEpochMilli(2_000));
    assertThat(streamed.supersedes(firstRead)).isTrue();
    assertThat(firstRead.supersedes(streamed)).isFalse();
    assertThat(laterRead.supersedes(streamed)).isTrue();
    assertThat(streamed.supersedes(laterRead)).isFalse();
  }

  @Test
  void theReadOfASnapshotAfterTheFirstCommitSupersedesWhatWasBeforeIt() {
    var blocking = new WalPosition(0, new Lsn(450), true, new Lsn(460));
    assertThat(blocking.supersedes(streamed(null, 400))).isTrue();
    assertThat(streamed(null, 400).supersedes(blocking)).isFalse();
  }

  private static WalPosition committed(int epoch, long lsn, boolean snapshot, long seconds) {
    return new WalPosition(
        epoch, new Lsn(lsn), snapshot, new Lsn(lsn), Instant.ofEpochSecond(seconds));
  }

  private static WalPosition wholeSnapshot(long lsn, long seconds) {
    return new WalPosition(0, null, true, new Lsn(lsn), Instant.ofEpochSecond(seconds));
  }

  @Test
  void aPositionThatGoesBackWhileTheTimeGoesForwardContradicts() {
    var applied = committed(0, 900, false, 100);
    assertThat(committed(0, 50, false, 200).contradicts(applied)).isTrue();
    assertThat(committed(0, 50, false, 105).contradicts(applied)).as("a clock's step").isFalse();
    assertThat(committed(0, 50, false, 90).contradicts(applied)).as("a late event").isFalse();
    assertThat(committed(0, 950, false, 200).contradicts(applied)).as("a newer event").isFalse();
    assertThat(committed(0, 50, true, 200).contradicts(applied)).as("a single read").isFalse();
    assertThat(wholeSnapshot(50, 200).contradicts(applied)).as("a new snapshot").isTrue();
    assertThat(wholeSnapshot(50, 90).contradicts(applied)).as("a late snapshot").isFalse();
    assertThat(committed(1, 50, false, 200).contradicts(applied)).as("next epoch").isFalse();
    assertThat(new ArrivalPosition(1).contradicts(applied)).isFalse();
  }

  @Test
  void aPositionDoesNotSupersedeItself() {
    assertThat(streamed(1L, 2).supersedes(streamed(1L, 2))).isFalse();
    assertThat(new ArrivalPosition(7).supersedes(new ArrivalPosition(7))).isFalse();
  }

  @Test
  void aLaterEpochSupersedesEveryEarlierLsn() {
    var restarted = new WalPosition(1, new Lsn(1), false, new Lsn(1));
    assertThat(restarted.supersedes(streamed(900L, 900))).isTrue();
    assertThat(streamed(900L, 900).supersedes(restarted)).isFalse();
  }

  @Test
  void betweenKindsWhatArrivesWins() {
    assertThat(new ArrivalPosition(1).supersedes(streamed(9L, 9))).isTrue();
    assertThat(streamed(9L, 9).supersedes(new ArrivalPosition(1))).isTrue();
  }

  @Test
  void lsnsAreUnsigned() {
    assertThat(streamed(-1L, -1).supersedes(streamed(1L, 1))).isTrue();
  }

  @Test
  void sortKeysSortAsPositionsDoAndReadBack() {
    var random = new Random(7);
    List<WalPosition> positions = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Lsn lastCommit = random.nextInt(4) == 0 ? null : new Lsn(random.nextLong(50) - 5);
      positions.add(
          new WalPosition(
              random.nextInt(3),
              lastCommit,
              lastCommit != null && random.nextBoolean(),
              new Lsn(random.nextLong(50)),
              random.nextBoolean() ? Instant.ofEpochMilli(random.nextInt()) : null));
    }
    List<String> sortKeys = positions.stream().map(WalPosition::sortKey).toList();
    for (int left = 0; left < positions.size(); left++) {
      assertThat(Position.parse(sortKeys.get(left))).isEqualTo(positions.get(left));
      for (int right = 0; right < positions.size(); right++) {
        int expected = Integer.signum(positions.get(left).compareTo(positions.get(right)));
        int sorted = Integer.signum(sortKeys.get(left).compareTo(sortKeys.get(right)));
        if (expected != 0 && sorted != expected) {
          fail("%s against %s", positions.get(left), positions.get(right));
        }
      }
    }
    var arrival = new ArrivalPosition(1_795_195_385_796_649L);
    assertThat(Position.parse(arrival.sortKey())).isEqualTo(arrival);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "X", "W0", "0/16B3748"})
  void whatIsNoSortKeyIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Position.parse(text));
  }

  @Test
  void anLsnReadsBothForms() {
    assertThat(Lsn.parse("0/16B3748")).isEqualTo(Lsn.parse("23803720"));
    assertThat(new Lsn(23803720).toString()).isEqualTo("0/16B3748");
    assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF")).isEqualTo(new Lsn(-1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1/2/3", "0/123456789", "99999999999999999999"})
  void whatIsNoLsnIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Lsn.parse(text));
  }
}
