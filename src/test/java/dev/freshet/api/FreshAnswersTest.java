package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.api.Calls.Answer;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.Waits;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(environments = "fakes", transactional = false)
@Property(name = "freshet.freshness.max-waiters", value = "2")
class FreshAnswersTest {

  private static final DocumentId DOCUMENT = DocumentId.of(new TableId("public", "products"), "1");

  /** Each test goes on where the one before ended: the watermark never goes back. */
  private static final AtomicLong LSN = new AtomicLong(1_000);

  @Inject EmbeddedServer server;
  @Inject IndexingProgress progress;
  @Inject Waits waits;
  private Calls calls;

  private record Taken(ChangeMessage message, Instant receivedAt) implements Delivery {

    @Override
    public Partition partition() {
      return Partition.ONLY;
    }
  }

  @BeforeEach
  void setUp() {
    calls = new Calls(server);
  }

  private Delivery taken() {
    var message = new ChangeMessage("public.products", Map.of(), new byte[0]);
    var delivery = new Taken(message, Instant.now());
    progress.take(List.of(delivery));
    progress.heard();
    return delivery;
  }

  private void settled(Delivery delivery, long lsn, @Nullable DocumentChange change) {
    var place = new CommitPosition(0, new Lsn(lsn));
    progress.settle(
        delivery, change, new SourceProgress(new SourceName("db", "shop"), place, Instant.now()));
    progress.publish();
  }

  private static DocumentChange delete(long txId) {
    var lsn = new Lsn(LSN.incrementAndGet());
    var position = new WalPosition(0, lsn, false, lsn);
    return new DocumentChange.Delete(
        DOCUMENT, false, new Origin(position, txId, null, null, Instant.EPOCH));
  }

  private CompletableFuture<Answer> asked(String path) {
    return CompletableFuture.supplyAsync(() -> calls.get(path));
  }

  private static Answer answered(CompletableFuture<Answer> asked) throws Exception {
    return asked.get(20, TimeUnit.SECONDS);
  }

  private void awaitWaiters(int count) {
    await().until(() -> waits.count() == count);
  }

  @Test
  void aSearchWaitsUntilTheCommitIsSearchable() throws Exception {
    long lsn = LSN.addAndGet(10);
    var asked = asked("/search?q=mouse&minLsn=" + new Lsn(lsn) + "&timeout=20s");
    awaitWaiters(1);
    settled(taken(), lsn - 1, null);
    assertThat(asked).isNotDone();
    settled(taken(), lsn, null);

    Answer answer = answered(asked);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().at("/freshness/asOfLsn").asText()).isEqualTo(new Lsn(lsn).toString());
    assertThat(answer.body().at("/freshness/exact").asBoolean()).isTrue();
    assertThat(answer.body().path("hits").isArray()).isTrue();
  }

  @Test
  void whatIsSearchableAlreadyIsNotWaitedFor() {
    long lsn = LSN.addAndGet(10);
    settled(taken(), lsn, null);
    assertThat(calls.get("/search?q=mouse&minLsn=" + lsn).status()).isEqualTo(200);
  }

  @Test
  void whatIsNotSearchableInTimeIsAGatewayTimeoutThatSaysHowFarItIs() {
    long lsn = LSN.addAndGet(10);
    settled(taken(), lsn, null);
    Answer answer = calls.get("/search?q=mouse&minLsn=FF/0&timeout=20ms");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.detail()).contains("FF/0", "20 ms", "stale=allow");
    assertThat(answer.body().at("/freshness/asOfLsn").asText()).isEqualTo(new Lsn(lsn).toString());
  }

  @Test
  void aStaleAnswerIsGivenToWhoeverTakesIt() {
    Answer answer = calls.get("/search?q=mouse&minLsn=FF/0&timeout=20ms&stale=allow");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().at("/freshness").isObject()).isTrue();
  }

  @Test
  void aDocumentIsWaitedForByItsTransaction() throws Exception {
    var asked = asked("/documents/public.products/1?txId=4294967338&timeout=20s");
    awaitWaiters(1);
    settled(taken(), LSN.addAndGet(10), delete(41));
    assertThat(asked).isNotDone();
    settled(taken(), LSN.addAndGet(10), delete(42));

    Answer answer = answered(asked);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("state").asText()).isEqualTo("unknown");
    assertThat(answer.body().at("/freshness/pending").isMissingNode()).isFalse();
    assertThat(calls.get("/documents/public.products/1?txId=41&timeout=1ms").status())
        .isEqualTo(200);
  }

  @Test
  void aTransactionThatIsNotSeenIsAGatewayTimeout() {
    Answer answer = calls.get("/documents/public.products/1?txId=7&timeout=20ms");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.detail()).contains("transaction 7");
  }

  @Test
  void aChangeOnItsWayIsTold() {
    Delivery delivery = taken();
    DocumentChange change = delete(99);
    progress.read(delivery, change);

    assertThat(calls.get("/documents/public.products/1").body().at("/received/txId").asInt())
        .isEqualTo(99);
    settled(delivery, LSN.addAndGet(10), change);
    assertThat(calls.get("/documents/public.products/1").body().path("received").isNull()).isTrue();
  }

  @Test
  void aClientThatIsGoneGivesItsPlaceFree() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      String request =
          "GET /search?q=mouse&minLsn=FF/0&timeout=50s HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      awaitWaiters(1);
    }

    await().atMost(Duration.ofSeconds(5)).until(() -> waits.count() == 0);
  }

  @Test
  void aShutdownEndsAWaitWith503() throws Exception {
    var settings = Map.<String, Object>of("micronaut.server.port", -1);
    try (var ending = ApplicationContext.run(EmbeddedServer.class, settings, "fakes")) {
      var other = new Calls(ending);
      var asked =
          CompletableFuture.supplyAsync(() -> other.get("/search?q=mouse&minLsn=FF/0&timeout=50s"));
      var waiting = ending.getApplicationContext().getBean(Waits.class);
      await().until(() -> waiting.count() == 1);

      ending.getApplicationContext().close();

      Answer answer = answered(asked);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.retryAfter()).isEqualTo("1");
      assertThat(answer.detail()).contains("shutting down");
    }
  }

  @Test
  void noMoreWaitThanMay() throws Exception {
    long lsn = LSN.addAndGet(10);
    var first = asked("/search?q=mouse&timeout=20s&minLsn=" + lsn);
    var second = asked("/search?q=mouse&timeout=20s&minLsn=" + lsn);
    awaitWaiters(2);

    Answer refused = calls.get("/search?q=mouse&timeout=20s&minLsn=" + lsn);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.retryAfter()).isEqualTo("1");
    assertThat(refused.detail()).contains("freshet.freshness.max-waiters");

    settled(taken(), lsn, null);
    assertThat(answered(first).status()).isEqualTo(200);
    assertThat(answered(second).status()).isEqualTo(200);
    awaitWaiters(0);
  }

  @ParameterizedTest
  @CsvSource({
    "minLsn=soon, minLsn",
    "minLsn=1&timeout=5, timeout",
    "minLsn=1&timeout=2m, timeout",
    "minLsn=1&stale=maybe, stale",
    "txId=1, txId"
  })
  void aBadWaitIsABadRequest(String parameters, String parameter) {
    Answer answer = calls.get("/search?q=mouse&" + parameters);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo(parameter);
  }
}
