package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.UnavailableException;
import dev.freshet.support.CapturedLog;
import dev.freshet.support.RecordedLlamaService.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {

  private static final Duration OPEN = Duration.ofSeconds(10);

  private final AtomicReference<Instant> now = new AtomicReference<>(HttpSinkFixture.NOW);
  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now.get();
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
  private final HttpSinkFixture fixture = new HttpSinkFixture();
  private final LlamaIndexService client =
      fixture.client(Duration.ofSeconds(5), new BreakerConfiguration(3, OPEN, 1), clock);
  private final HttpIndexSink sink =
      new HttpIndexSink(client, fixture.ledger, DocumentIdForm.KEY, true, 4, clock);

  @AfterEach
  void close() {
    sink.close();
    fixture.close();
  }

  private void apply(int key) {
    sink.apply(List.of(upsert(Integer.toString(key), "a", key)));
  }

  private UnavailableException failure() {
    return catchThrowableOfType(UnavailableException.class, () -> apply(1));
  }

  @Test
  void theLogSaysForHowLongInSeconds() {
    try (var log = CapturedLog.open()) {
      failThreeTimes();

      assertThat(log.toString()).contains("The LlamaIndex service is left alone for 10 s: ");
    }
  }

  private void failThreeTimes() {
    fixture.service.answerAll(Answer.of(503));
    for (int i = 0; i < 3; i++) {
      assertThat(failure()).hasMessageContaining("/upsert answers 503");
    }
    fixture.calls();
  }

  @Test
  void aServiceThatKeepsFailingIsLeftAloneUntilATrialSucceeds() {
    failThreeTimes();

    now.updateAndGet(time -> time.plusSeconds(4));
    assertThat(failure())
        .hasMessageContaining("no document is sent until 2026-01-02T03:04:15Z")
        .hasMessageContaining("/upsert answers 503")
        .returns(OPEN.minusSeconds(4), failure -> failure.retryAfter().orElseThrow());
    assertThat(fixture.calls()).isEmpty();

    fixture.service.recover();
    now.updateAndGet(time -> time.plusSeconds(7));
    apply(1);
    apply(2);
    assertThat(fixture.calls()).hasSize(2);
    assertThat(fixture.service.documents()).containsOnlyKeys("1", "2");
  }

  @Test
  void aTrialThatFailsLeavesTheServiceAloneForAsLongAgain() {
    failThreeTimes();

    now.updateAndGet(time -> time.plusSeconds(11));
    assertThat(failure()).hasMessageContaining("/upsert answers 503");
    assertThat(fixture.calls()).hasSize(1);

    assertThat(failure().retryAfter()).contains(OPEN);
    assertThat(fixture.calls()).isEmpty();
  }

  @Test
  void whileOneCallTriesTheOthersWaitAMomentOnly() throws InterruptedException {
    failThreeTimes();
    now.updateAndGet(time -> time.plusSeconds(11));
    var trying = new CountDownLatch(1);
    fixture.service.answer(
        call -> {
          trying.countDown();
          return Optional.of(Answer.of(200).after(Duration.ofSeconds(1)));
        });
    var trial = new Thread(() -> apply(1));
    trial.start();
    assertThat(trying.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(failure().retryAfter()).contains(Duration.ofMillis(100));

    trial.join();
    apply(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 408, 413, 422, 429})
  void anAnswerBelow500IsNoFailureOfTheService(int status) {
    fixture.service.answerAll(Answer.of(status));
    for (int i = 0; i < 10; i++) {
      try {
        apply(1);
      } catch (UnavailableException e) {
        assertThat(e).hasMessageContaining("answers " + status);
      }
    }

    assertThat(fixture.calls()).hasSize(10);
    assertThat(sink.status().description()).doesNotContain("no document is sent");
  }

  @Test
  void aServiceThatIsDownCountsAsFailing() {
    fixture.service.close();
    for (int i = 0; i < 3; i++) {
      assertThat(failure()).hasMessageContaining("cannot connect");
    }

    assertThat(failure()).hasMessageContaining("no document is sent until");
  }

  @Test
  void aSuccessInBetweenBeginsTheCountAnew() {
    for (int i = 0; i < 6; i++) {
      fixture.service.answerAll(Answer.of(503));
      assertThat(failure()).hasMessageContaining("answers 503");
      fixture.service.recover();
      apply(10 + i);
    }
  }

  @Test
  void searchesAndTheStatusAskTheServiceAllTheSame() {
    failThreeTimes();
    fixture.service.recover();

    assertThat(sink.status().available()).isTrue();
    assertThat(sink.status().description())
        .contains(fixture.service.url() + " answers")
        .contains("no document is sent until");
    fixture.service.forgetCalls();
    client.query(JsonNodeFactory.instance.objectNode());
    assertThat(fixture.service.calls()).hasSize(1);
  }

  @Test
  void aStopSaysNothingOfTheService() throws InterruptedException {
    fixture.service.answerAll(Answer.of(200).after(Duration.ofSeconds(5)));
    var breaker = new Breaker(new BreakerConfiguration(1, OPEN, 1), clock);
    var stopped =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              assertThatExceptionOfType(UnavailableException.class)
                  .isThrownBy(
                      () ->
                          breaker.call(
                              "call",
                              () -> {
                                throw new UnavailableException("interrupted");
                              }));
            });
    stopped.start();
    stopped.join();

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BreakerConfiguration(0, OPEN, 1))
        .withMessageContaining("freshet.llama.breaker.failures");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BreakerConfiguration(1, Duration.ZERO, 1))
        .withMessageContaining("freshet.llama.breaker.open");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BreakerConfiguration(1, OPEN, 0))
        .withMessageContaining("freshet.llama.breaker.trials");
  }
}
