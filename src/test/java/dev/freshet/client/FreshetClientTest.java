package dev.freshet.client;

import static dev.freshet.client.ScriptedService.document;
import static dev.freshet.client.ScriptedService.late;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.client.NotReachedException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FreshetClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration A_MOMENT = Duration.ofMillis(300);

  private final ScriptedService service = new ScriptedService();
  private final FreshetClient client = FreshetClient.of(service.url() + "/", "secret");

  FreshetClientTest() throws IOException {}

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aPositionIsReachedWhenTheServiceSaysSo() throws Exception {
    service.then(200, document("unknown", "null"));

    IndexFreshness freshness = client.awaitLsn("0/16B3748", PATIENCE);

    assertThat(freshness.asOfLsn()).isEqualTo("0/20");
    assertThat(freshness.failedDocuments()).isEqualTo(2);
    assertThat(service.asked.get(0)).contains("minLsn=0%2F16B3748").contains("timeout=");
    assertThat(service.keys).containsExactly("Bearer secret");
  }

  @Test
  void aWaitGoesOnWhereACallEnds() throws Exception {
    service
        .then(504, late("not yet"))
        .then(504, late("not yet"))
        .then(200, document("unknown", "null"));

    assertThat(client.awaitLsn("1", PATIENCE).asOfLsn()).isEqualTo("0/20");
    assertThat(service.asked).hasSize(3);
  }

  @Test
  void noCallAsksForLongerThanTheServiceAllows() throws Exception {
    service
        .then(
            400,
            """
            {"parameter":"timeout","detail":"'timeout' is longer than
             freshet.freshness.max-timeout allows, which is 1500 ms"}"""
                .replace("\n", ""))
        .then(200, document("unknown", "null"));

    client.awaitLsn("1", PATIENCE);

    assertThat(service.asked.get(0)).endsWith("timeout=20000ms");
    assertThat(service.asked.get(1)).endsWith("timeout=1500ms");
  }

  @Test
  void whatDoesNotComeInTimeIsToldWithTheFreshness() {
    service.then(504, late("3 messages wait"));

    var late =
        catchThrowableOfType(NotReachedException.class, () -> client.awaitLsn("1", A_MOMENT));

    assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(late.freshness().orElseThrow().pending()).isEqualTo(3);
    assertThat(late).hasMessageContaining("3 messages wait").hasMessageContaining("0/20");
  }

  @Test
  void aServiceThatIsNotThereYetIsTriedAgain() throws Exception {
    int port = service.port();
    service.close();
    var comesLater =
        new Thread(
            () -> {
              try {
                Thread.sleep(200);
                new ScriptedService(port).then(200, document("unknown", "null"));
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    comesLater.start();

    assertThat(client.awaitLsn("1", PATIENCE).asOfLsn()).isEqualTo("0/20");
  }

  @Test
  void aServiceThatIsNeverThereEndsAsTooLate() {
    service.close();

    var late =
        catchThrowableOfType(NotReachedException.class, () -> client.awaitLsn("1", A_MOMENT));

    assertThat(late.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(late.freshness()).isEmpty();
    assertThat(late).hasMessageContaining("cannot be reached");
  }

  @Test
  void aBusyServiceIsAskedAgainWhenItSays() throws Exception {
    service
        .then(429, "{\"detail\":\"too many wait\"}", Map.of("Retry-After", "1"))
        .then(200, document("unknown", "null"));

    long start = System.nanoTime();
    client.awaitLsn("1", PATIENCE);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
  }

  @Test
  void aRefusalEndsTheWaitAtOnce() {
    service.then(401, "{\"detail\":\"a key is needed\"}");

    var refused =
        catchThrowableOfType(NotReachedException.class, () -> client.awaitLsn("1", PATIENCE));

    assertThat(refused.reason()).isEqualTo(Reason.REFUSED);
    assertThat(refused).hasMessage("a key is needed");
  }

  @Test
  void aDocumentIsReachedOnceNothingNewerIsOnItsWay() throws Exception {
    service
        .then(200, document("unknown", "null"))
        .then(200, document("failed", "{\"txId\":742}"))
        .then(200, document("indexed", "{\"txId\":742}"))
        .then(200, document("indexed", "null"));

    IndexedDocument document = client.awaitDocument("public.products", "a/b c", PATIENCE);

    assertThat(document.state()).isEqualTo("indexed");
    assertThat(document.txId()).isEqualTo(742);
    assertThat(service.asked).hasSize(4);
    assertThat(service.asked.get(0)).startsWith("/documents/public.products/a%2Fb%20c?timeout=");
  }

  @Test
  void aTransactionIsReachedOnceItsChangeIsWhole() throws Exception {
    service
        .then(504, late("not seen"))
        .then(200, document("pending", "null"))
        .then(200, document("indexed", "{\"txId\":743}"));

    assertThat(client.awaitDocument("public.products", "42", "742", PATIENCE).state())
        .isEqualTo("indexed");
    assertThat(service.asked).hasSize(3).allMatch(path -> path.contains("txId=742&"));
  }

  @Test
  void aDeadLetteredChangeIsAFailureThatSaysWhy() {
    service.then(200, document("failed", "null"));

    var failed =
        catchThrowableOfType(
            NotReachedException.class,
            () -> client.awaitDocument("public.products", "42", "742", PATIENCE));

    assertThat(failed.reason()).isEqualTo(Reason.DEAD_LETTERED);
    assertThat(failed).hasMessageContaining("column title is missing");
  }

  @Test
  void aRowThatBecomesNoDocumentIsNotWaitedFor() {
    String answer =
        """
        {"documentId":"public.orders/1","state":"ignored",
          "reason":"The table public.orders has no mapping",%s}"""
            .formatted(ScriptedService.FRESHNESS);
    service.then(200, answer).then(200, answer);

    var settled =
        catchThrowableOfType(
            NotReachedException.class, () -> client.awaitDocument("public.orders", "1", PATIENCE));
    var applied =
        catchThrowableOfType(
            NotReachedException.class,
            () -> client.awaitDocument("public.orders", "1", "742", PATIENCE));

    assertThat(settled.reason()).isEqualTo(Reason.IGNORED);
    assertThat(applied.reason()).isEqualTo(Reason.IGNORED);
    assertThat(settled).hasMessageContaining("public.orders has no mapping");
  }

  @Test
  void aSearchAnswersWhatItFinds() throws Exception {
    service.then(
        200,
        """
        {"hits":[{"documentId":"public.products/42","table":"public.products","key":"42",
          "segment":0,"text":"Tent","score":0.5,"lsn":"0/1F","txId":null}],%s}"""
            .formatted(ScriptedService.FRESHNESS));

    SearchAnswer answer = client.search("two persons & a tent", 3);

    assertThat(answer.hits())
        .containsExactly(
            new SearchAnswer.Hit(
                "public.products/42", "public.products", "42", "Tent", 0.5, "0/1F", null));
    assertThat(service.asked).containsExactly("/search?q=two%20persons%20%26%20a%20tent&k=3");
  }

  @Test
  void aUrlThatIsNoneIsRefused() {
    assertThatThrownBy(() -> FreshetClient.of("localhost:8080"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://localhost:8080");
  }
}
