package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.freshet.RejectionReason;
import dev.freshet.feed.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private static final Envelope ENVELOPE = new Envelope(1, false, "db.events", "public.products");

  @Test
  void whatWouldChangeTheWayOfTheCopyIsLeftOut() {
    var original =
        new BasicProperties.Builder()
            .expiration("1000")
            .userId("debezium")
            .messageId("m1")
            .headers(Map.of("CC", List.of("elsewhere"), "kept", "yes"))
            .build();

    BasicProperties copy = DeadLetters.properties(original, ENVELOPE, rejection("no JSON"));

    assertThat(copy.getExpiration()).isNull();
    assertThat(copy.getUserId()).isNull();
    assertThat(copy.getMessageId()).isEqualTo("m1");
    assertThat(copy.getHeaders()).containsEntry("kept", "yes").doesNotContainKey("CC");
  }

  @Test
  void aLongDetailIsCutBetweenCharacters() {
    String detail = "x".repeat(DeadLetters.MAX_DETAIL - 2) + "😀😀";

    BasicProperties copy =
        DeadLetters.properties(new BasicProperties(), ENVELOPE, rejection(detail));

    assertThat(copy.getHeaders().get(DeadLetters.DETAIL))
        .isEqualTo("x".repeat(DeadLetters.MAX_DETAIL - 2) + "…");
  }

  private static Rejection rejection(String detail) {
    return new Rejection(RejectionReason.UNDECODABLE, detail, Instant.EPOCH);
  }
}
