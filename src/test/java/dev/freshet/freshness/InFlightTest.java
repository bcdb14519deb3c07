package dev.freshet.freshness;

import static dev.freshet.freshness.Messages.message;
import static dev.freshet.freshness.Messages.place;
import static dev.freshet.freshness.Messages.proves;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.SourceProgress;
import dev.freshet.feed.Delivery;
import dev.freshet.freshness.Messages.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightTest {

  private static final Optional<Instant> ALONE = Optional.of(Instant.MIN);

  private final InFlight inFlight = new InFlight();

  private Message taken() {
    Message message = message();
    inFlight.take(message, ALONE);
    return message;
  }

  @Test
  void whatIsSettledCountsOnceAllBeforeItIsSettled() {
    Message first = taken();
    Message second = taken();
    Message third = taken();

    inFlight.settle(third, proves(300));
    inFlight.settle(second, proves(200));
    assertThat(inFlight.reached()).isEqualTo(Reached.NOTHING);

    inFlight.settle(first, SourceProgress.NONE);
    assertThat(inFlight.reached().position()).isEqualTo(place(300));
    assertThat(inFlight.size()).isZero();
  }

  @Test
  void theOldestOpenMessageHoldsBackWhatIsBehindIt() {
    Message first = taken();
    Message second = taken();
    taken();
    inFlight.settle(first, proves(100));
    Message fourth = taken();
    inFlight.settle(fourth, proves(400));
    inFlight.settle(second, proves(200));

    assertThat(inFlight.reached().position()).isEqualTo(place(200));
  }

  /** An event sent again after a crash of the capture has an older place. */
  @Test
  void anOlderProofLowersNothing() {
    inFlight.settle(taken(), proves(300));
    inFlight.settle(taken(), proves(100));
    assertThat(inFlight.reached().position()).isEqualTo(place(300));
  }

  @Test
  void whatWasSettledBehindALostMessageProvesNothing() {
    inFlight.settle(taken(), proves(100));
    Message lost = taken();
    inFlight.settle(taken(), proves(300));
    lost.loseConnection();

    inFlight.drop(delivery -> !delivery.isLive(), change -> {});
    Message again = taken();
    assertThat(inFlight.reached().position()).isEqualTo(place(100));

    inFlight.settle(taken(), proves(310));
    assertThat(inFlight.reached().position()).isEqualTo(place(100));
    inFlight.settle(again, proves(200));
    assertThat(inFlight.reached().position()).isEqualTo(place(310));
  }

  @Test
  void aMessageThatIsNotOpenAnyMoreChangesNothing() {
    Message lost = taken();
    inFlight.drop(delivery -> true, change -> {});
    inFlight.settle(lost, proves(500));
    assertThat(inFlight.reached()).isEqualTo(Reached.NOTHING);
  }

  @Test
  void itIsCleanAgainOnceACleanMessageAndAllBeforeItAreSettled() {
    assertThat(inFlight.isClean()).isFalse();
    inFlight.settle(taken(), proves(1));
    assertThat(inFlight.isClean()).isTrue();

    inFlight.doubt();
    Message unclean = message();
    inFlight.take(unclean, Optional.empty());
    inFlight.settle(taken(), proves(2));
    assertThat(inFlight.isClean()).isFalse();
    inFlight.settle(unclean, proves(3));
    assertThat(inFlight.isClean()).isTrue();
  }

  /** Against the definition: the highest proof of the longest settled row from the start. */
  @Test
  void inAnyOrderOfSettlingItIsTheSettledRowFromTheStart() {
    for (int seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var row = new InFlight();
      List<Delivery> messages = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        messages.add(message());
        row.take(messages.get(i), ALONE);
      }
      boolean[] settled = new boolean[12];
      long[] proofs = random.longs(12, 1, 1_000).toArray();
      List<Integer> indexes = new ArrayList<>(IntStream.range(0, 12).boxed().toList());
      Collections.shuffle(indexes, random);
      for (int index : indexes) {
        row.settle(messages.get(index), proves(proofs[index]));
        settled[index] = true;
        long expected = 0;
        for (int i = 0; i < 12 && settled[i]; i++) {
          expected = Math.max(expected, proofs[i]);
        }
        assertThat(row.reached())
            .as("seed %s", seed)
            .isEqualTo(expected == 0 ? Reached.NOTHING : Reached.by(proves(expected)));
      }
    }
  }
}
