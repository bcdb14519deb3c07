package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MismatchTest {

  @Test
  void theBrokersTextTellsWhatDiffers() {
    var reply =
        new BrokerFault.Reply(
            406,
            "PRECONDITION_FAILED - inequivalent arg 'x-dead-letter-exchange' for queue 'q' in vhost"
                + " '/': received none but current is the value 'dlx' of type 'longstr'");

    assertThat(Mismatch.parse(reply))
        .contains(
            new Mismatch(
                "x-dead-letter-exchange",
                "queue 'q'",
                "none",
                "the value 'dlx' of type 'longstr'"));
  }

  @Test
  void anotherReplyIsNoMismatch() {
    assertThat(Mismatch.parse(new BrokerFault.Reply(404, "NOT_FOUND - no exchange 'x'"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "the value '7' of type 'signedint' | 7",
        "the value '600000' of type 'long' | 600000",
        "the value 'true' of type 'bool' | true",
        "the value 'it''s' of type 'longstr' | it''s",
        "'quorum' | quorum"
      })
  void theValueThatExistsCanBeRead(String existing, String value) {
    assertThat(new Mismatch("x", "queue 'q'", "none", existing).existingValue()).hasToString(value);
  }

  @Test
  void aValueThatIsCutOffIsNotRead() {
    var cut = new Mismatch("x", "queue 'q'", "none", "the value 'db.even");

    assertThatIllegalArgumentException().isThrownBy(cut::existingValue);
  }
}
