package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.delete;
import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import dev.freshet.support.RecordedLlamaService.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFaultsTest {

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 403, 404, 405, 408, 429, 500, 502, 503, 504})
  void aFaultThatIsNotTheDocumentsStopsTheBatch(int status) {
    fixture.service.answerAll(Answer.of(status));

    assertThat(failure())
        .hasMessageContaining("POST " + fixture.service.url() + "/upsert answers " + status);
    assertThat(fixture.ledger.commits()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 409, 410, 413, 415, 418, 422})
  void aFaultOfTheDocumentRejectsIt(int status) {
    fixture.service.answerAll(Answer.of(status));

    assertThat(fixture.apply(upsert("1", "a", 1)))
        .singleElement()
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.detail()).contains("answers " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void everySuccessIsASuccess(int status) {
    fixture.service.answerAll(Answer.of(status));

    assertThat(fixture.apply(upsert("1", "a", 1), delete("2", 1)))
        .containsExactly(new Outcome.Indexed(0, 0, null), new Outcome.Deleted());
  }

  @Test
  void aRefusedDeleteIsRejected() {
    fixture.service.answerAll(Answer.of(400));

    assertThat(fixture.apply(delete("1", 1))).singleElement().isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void aDeleteAtAWrongMethodIsNoFaultOfTheDocument() {
    fixture.service.answerAll(Answer.of(405));

    assertThatThrownBy(() -> fixture.apply(delete("1", 1)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("/delete/{id} answers 405");
  }

  @Test
  void aServiceThatIsDownIsUnavailable() {
    fixture.service.close();

    assertThat(failure()).hasMessageContaining("cannot connect");
    assertThat(fixture.sink.status().available()).isFalse();
    assertThat(fixture.sink.status().description()).contains("cannot connect");
  }

  @Test
  void anAnswerThatTakesTooLongIsNotWaitedFor() {
    fixture.service.answerAll(Answer.of(200).after(Duration.ofSeconds(5)));
    var impatient = fixture.client(Duration.ofMillis(100));

    try (var sink =
        new HttpIndexSink(
            impatient, fixture.ledger, DocumentIdForm.KEY, true, 8, HttpSinkFixture.CLOCK)) {
      assertThatThrownBy(() -> sink.apply(List.of(upsert("1", "a", 1))))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("not answered within 100 ms");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | 7",
        "Fri, 02 Jan 2026 03:04:25 GMT | 20",
        "999999999999 | 3600",
      })
  void theServiceSaysWhenToComeBack(String header, long seconds) {
    fixture.service.answerAll(Answer.of(429).withHeader("Retry-After", header));

    assertThat(failure().retryAfter()).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-5", "soon", "Fri, 02 Jan 2026 03:04:00 GMT", "99999999999999999999"})
  void aRetryAfterThatSaysNothingLeavesTheWaitToTheCaller(String header) {
    fixture.service.answerAll(Answer.of(503).withHeader("Retry-After", header));

    assertThat(failure().retryAfter()).isEmpty();
  }

  @Test
  void ofSeveralFaultsTheLongestWaitCounts() {
    fixture.service.answer(
        call ->
            Optional.of(
                Answer.of(503)
                    .after(Duration.ofMillis(50))
                    .withHeader("Retry-After", call.documentId().orElseThrow())));

    UnavailableException failure =
        catchThrowableOfType(
            UnavailableException.class,
            () -> fixture.apply(upsert("3", "a", 1), upsert("9", "b", 1), upsert("5", "c", 1)));

    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(9));
  }

  @Test
  void afterAFaultNoRequestIsBegunAndThoseInFlightAreWaitedFor() {
    fixture.service.answer(
        call ->
            Optional.of(
                "1".equals(call.documentId().orElseThrow())
                    ? Answer.of(503)
                    : Answer.of(200).after(Duration.ofSeconds(1))));
    DocumentChange[] changes =
        IntStream.rangeClosed(1, 100)
            .mapToObj(key -> upsert(Integer.toString(key), "a", 1))
            .toArray(DocumentChange[]::new);

    assertThatThrownBy(() -> fixture.apply(changes)).isInstanceOf(UnavailableException.class);

    assertThat(fixture.calls()).hasSizeLessThanOrEqualTo(8);
    assertThat(fixture.service.inFlightNow()).isZero();
  }

  @Test
  void aStopEndsABatchThatIsWaiting() throws InterruptedException {
    fixture.service.answerAll(Answer.of(200).after(Duration.ofSeconds(5)));
    var failure = new AtomicReference<UnavailableException>();
    var loop = new Thread(() -> failure.set(failure()));
    loop.start();
    await().until(() -> fixture.service.inFlightNow() == 1);

    loop.interrupt();
    loop.join(Duration.ofSeconds(3).toMillis());

    assertThat(failure.get()).isNotNull().hasMessageContaining("interrupted");
    assertThat(fixture.ledger.commits()).isZero();
  }

  @Test
  void aClosedSinkBlamesNoDocument() {
    fixture.sink.close();

    assertThat(failure()).hasMessageContaining("closed");
  }

  @Test
  void theUsersPasswordIsSentAndNeverShown() {
    URI url = URI.create(fixture.service.url().toString().replace("://", "://ann:s3cret@"));
    var breaker =
        new Breaker(new BreakerConfiguration(9, Duration.ofSeconds(10), 1), HttpSinkFixture.CLOCK);
    var service = new LlamaIndexService(url, Duration.ofSeconds(5), breaker, HttpSinkFixture.CLOCK);
    fixture.service.answerAll(Answer.of(401));

    try (var sink =
        new HttpIndexSink(
            service, fixture.ledger, DocumentIdForm.KEY, true, 1, HttpSinkFixture.CLOCK)) {
      assertThatThrownBy(() -> sink.apply(List.of(upsert("1", "a", 1))))
          .hasMessageContaining("credentials")
          .hasMessageNotContaining("s3cret");
      assertThat(sink.status().description()).doesNotContain("s3cret");
    }
    assertThat(fixture.service.calls().get(0).headers())
        .containsEntry("Authorization", "Basic YW5uOnMzY3JldA==");
  }

  @ParameterizedTest
  @CsvSource({"200,true", "401,true", "404,true", "501,true", "500,false", "503,false"})
  void aServiceIsWellUnlessItSaysOtherwise(int status, boolean available) {
    fixture.service.answerAll(Answer.of(status));

    assertThat(fixture.sink.status().available()).isEqualTo(available);
    assertThat(fixture.sink.status().description()).contains(fixture.service.url().toString());
    assertThat(fixture.calls()).containsExactly("GET /health", "GET /health");
  }

  private UnavailableException failure() {
    return catchThrowableOfType(
        UnavailableException.class, () -> fixture.apply(upsert("1", "a", 1)));
  }
}
