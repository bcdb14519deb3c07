package dev.freshet.changeevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import org.junit.jupiter.api.Test;

class JsonTest {

  /** Beside the elements, the array's two brackets. */
  private static String array(int tokens) {
    return "[" + "1,".repeat(tokens - 3) + "1]";
  }

  @Test
  void asManyTokensAsFitIntoMemoryAreRead() {
    assertThat(Json.parse(array(Json.MOST_TOKENS), "the body")).hasSize(Json.MOST_TOKENS - 2);
  }

  @Test
  void moreTokensAreTooLarge() {
    assertThatThrownBy(() -> Json.parse(array(Json.MOST_TOKENS + 1), "the body"))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectionReason.TOO_LARGE))
        .hasMessageStartingWith("the body has more than 1000000 JSON tokens");
  }

  @Test
  void otherLimitsOfTheParserAreUndecodable() {
    assertThatThrownBy(() -> Json.parse("9".repeat(1_001), "the body"))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectionReason.UNDECODABLE));
  }

  @Test
  void whatFollowsTheEndIsUndecodable() {
    assertThatThrownBy(() -> Json.parse("{} {}", "the body")).isInstanceOf(RejectedException.class);
  }

  @Test
  void anEmptyTextHasNoValue() {
    assertThat(Json.parse(" ", "the header").isMissingNode()).isTrue();
    assertThat(Json.parse("null", "the header").isNull()).isTrue();
  }
}
