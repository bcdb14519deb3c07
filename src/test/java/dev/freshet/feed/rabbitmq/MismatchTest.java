package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
