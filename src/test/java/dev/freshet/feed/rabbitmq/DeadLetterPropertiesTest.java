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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterPropertiesTest {

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

    BasicProperties copy =
        DeadLetterProperties.properties(original, ENVELOPE, Instant.EPOCH, rejection("no JSON"));

    assertThat(copy.getExpiration()).isNull();
    assertThat(copy.getUserId()).isNull();
    assertThat(copy.getMessageId()).isEqualTo("m1");
    assertThat(copy.getHeaders()).containsEntry("kept", "yes").doesNotContainKey("CC");
  }

  @Test
  void aLongDetailIsCutBetweenCharacters() {
    String detail = "x".repeat(DeadLetterProperties.MAX_DETAIL - 2) + "😀😀";

    BasicProperties copy =
        DeadLetterProperties.properties(
            new BasicProperties(), ENVELOPE, Instant.EPOCH, rejection(detail));

    assertThat(copy.getHeaders().get(DeadLetterProperties.DETAIL))
        .isEqualTo("x".repeat(DeadLetterProperties.MAX_DETAIL - 2) + "…");
  }

  private static Rejection rejection(String detail) {
    return new Rejection(RejectionReason.UNDECODABLE, detail, Instant.EPOCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1000000000-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "+1000000000-12-31T23:59:59Z",
        "9999-12-31T00:00:00Z",
        "2026-11-22T00:00:00Z",
        "yesterday"
      })
  void aFirstArrivalThatNoClockShowsIsNotBelieved(String header) {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    assertThat(DeadLetterProperties.receivedAt(Map.of("x-freshet-received-at", header), now))
        .isEqualTo(now);
  }
}
