package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SoleConsumerTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final SoleConsumer sole = SoleConsumer.required("q", "lucene");

  @Test
  void oneThatComesWhileAConnectionIsBrokenIsRefusedWhenItStays() throws Exception {
    sole.begin(0);
    sole.look(1, START, PATIENCE);
    sole.look(1, START.plus(PATIENCE), PATIENCE);

    assertThatExceptionOfType(QueueInUseException.class)
        .isThrownBy(() -> sole.look(1, START.plus(PATIENCE).plusMillis(1), PATIENCE))
        .withMessageContaining("queue 'q'");
    assertThatExceptionOfType(QueueInUseException.class).isThrownBy(() -> sole.requireNobody(1));
  }

  @Test
  void aFormerConsumerOfThisProcessThatTheBrokerStillCountsIsLetBe() throws Exception {
    sole.begin(0);
    sole.requireNobody(1);
    sole.look(1, START, PATIENCE);
    sole.look(0, START.plusSeconds(100), PATIENCE);
    assertThatCode(() -> sole.look(1, START.plus(PATIENCE).plusSeconds(1), PATIENCE))
        .doesNotThrowAnyException();
  }

  @Test
  void anIndexThatSeveralShareLetsOthersConsume() {
    SoleConsumer shared = SoleConsumer.notRequired("q");
    assertThatCode(
            () -> {
              shared.begin(3);
              shared.look(3, START, PATIENCE);
              shared.look(3, START.plus(PATIENCE).plusSeconds(1), PATIENCE);
            })
        .doesNotThrowAnyException();
  }
}
