package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.feed.Loss;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConservationTest {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(6);

  private final Conservation conservation = new Conservation("q");

  /** Whether more is missing than is known of. */
  private boolean look(long ready) {
    return conservation.look(conservation.cut(), ready, false, NOW);
  }

  private void lookSurely(long ready) {
    conservation.look(conservation.cut(), ready, true, NOW);
  }

  @Test
  void whatIsDeliveredOrPublishedIsNotMissing() {
    assertThat(look(10)).isFalse();
    for (int i = 0; i < 4; i++) {
      conservation.delivered();
    }
    assertThat(look(6)).isFalse();
    assertThat(look(20)).isFalse();
  }

  @Test
  void whatWasThereAndIsNotIsMissingAndIsLostWhenNoLetterTells() {
    look(10);
    assertThat(look(7)).isTrue();
    lookSurely(7);
    assertThat(conservation.missing(NOW)).isEqualTo(3);
    assertThat(conservation.losses()).isEmpty();
    assertThat(conservation.missing(LATER)).isZero();
    assertThat(conservation.losses()).singleElement().extracting(Loss::messages).isEqualTo(3L);
    assertThat(look(7)).isFalse();
  }

  @Test
  void aLetterTellsOfOneBeforeOrAfterItIsMissed() {
    look(10);
    conservation.letter();
    lookSurely(8);
    assertThat(conservation.missing(NOW)).isOne();
    conservation.letter();
    assertThat(conservation.missing(LATER)).isZero();
    assertThat(conservation.losses()).isEmpty();
  }

  /** As with a delivery limit. */
  @Test
  void whatIsGivenBackAndDoesNotComeIsMissing() {
    look(0);
    for (int i = 0; i < 5; i++) {
      conservation.delivered();
    }
    look(0);
    conservation.givenBack(5);
    conservation.delivered();
    conservation.delivered();
    assertThat(look(0)).isTrue();
    lookSurely(0);
    assertThat(conservation.missing(NOW)).isEqualTo(3);
  }

  /** Somebody looked at them in the broker's own console. */
  @Test
  void whatIsMissingForAMomentOnlyIsNotMissed() {
    look(10);
    assertThat(look(0)).isTrue();
    assertThat(look(10)).isFalse();
    assertThat(conservation.missing(LATER)).isZero();
    assertThat(conservation.losses()).isEmpty();
  }

  @Test
  void whatAnotherOneHeldAndGaveBackIsNotMissing() {
    look(10);
    lookSurely(8);
    conservation.cameBack();
    conservation.cameBack();
    assertThat(conservation.missing(LATER)).isZero();
    assertThat(conservation.losses()).isEmpty();
  }

  @Test
  void afterANewBeginningNothingIsCompared() {
    look(10);
    conservation.restart();
    assertThat(look(0)).isFalse();
  }

  /** A delivery that is counted while the broker is asked may have been before or after. */
  @Test
  void countsThatChangeMeanwhileAreTakenAsIsBetterForTheBroker() {
    Conservation.Cut cut = conservation.cut();
    conservation.delivered();
    conservation.look(cut, 10, false, NOW);
    assertThat(look(9)).isFalse();
    cut = conservation.cut();
    conservation.delivered();
    assertThat(conservation.look(cut, 8, false, NOW)).isFalse();
  }
}
