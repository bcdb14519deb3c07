package dev.freshet.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.changeevent.ColumnTypes;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.SizeLimits;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.DeadLetter;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.source.SourceOwnership;
import dev.freshet.support.InMemoryDeadLetters;
import dev.freshet.support.InMemoryLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class DeadLetterServiceTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Instant EARLIER = NOW.minusSeconds(60);
  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final Selection ALL = new Selection(null, null, null, null);
  private static final int LARGEST_MESSAGE = 1_000;
  private static final int LARGEST_DOCUMENT = 300;

  private final InMemoryDeadLetters letters = new InMemoryDeadLetters();
  private final InMemoryLedger ledger = new InMemoryLedger();
  private final LedgerSink sink = new LedgerSink(ledger);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private DeadLetterService service = service(100, 1 << 20, 50);

  private DeadLetterService service(int lookCount, long lookBytes, int replayCount) {
    return service(0, lookCount, lookBytes, replayCount);
  }

  private DeadLetterService service(int epoch, int lookCount, long lookBytes, int replayCount) {
    return new DeadLetterService(
        letters,
        new MessageReader(
            new ChangeEventDecoder(epoch, "__debezium_unavailable_value", ColumnTypes.NONE),
            new DocumentMapper(new TableMappings(Map.of())),
            new SizeLimits(LARGEST_MESSAGE, LARGEST_DOCUMENT)),
        new SourceOwnership(ledger.notes(), Clock.systemUTC()),
        new ExclusiveSink(sink),
        ledger.failures(),
        new DeadLetterConfiguration(lookCount, lookBytes, replayCount),
        registry,
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void product(int key, long lsn) {
    letters.add(key + "@" + lsn, "refused-by-sink", EARLIER, event("products", key, lsn));
  }

  private static String event(String table, int key, long lsn) {
    return """
        {"op":"u","after":{"id":%d,"title":"secret","description":"d"},
         "source":{"schema":"public","table":"%s","lsn":%d}}
        """
        .formatted(key, table, lsn);
  }

  private static DocumentId id(int key) {
    return DocumentId.of(PRODUCTS, String.valueOf(key));
  }

  private static Position at(long lsn) {
    return new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn));
  }

  private void failed(int key, long lsn) {
    ledger
        .failures()
        .record(
            new DocumentFailure(
                id(key), at(lsn), RejectionReason.REFUSED_BY_SINK, "before", EARLIER));
  }

  @Test
  void aReplayIndexesNothingOfAnotherSource() throws Exception {
    ledger.notes().write("source.owner.0", "db/shop");
    String foreign =
        event("products", 1, 10).replace("\"lsn\"", "\"name\":\"crm\",\"db\":\"x\",\"lsn\"");
    letters.add("foreign", "other-source", EARLIER, foreign);

    assertThat(service.replay(ALL).failed()).isEqualTo(1);

    assertThat(letters.all()).hasSize(1);
    assertThat(ledger.failures().count()).isZero();
    assertThat(ledger.documentsOf(PRODUCTS)).isEmpty();
  }

  private Position stored(int key) {
    return ledger.read(Set.of(id(key)), Set.of()).documents().get(id(key)).state().position();
  }

  private List<String> waiting() {
    return letters.all().stream().map(DeadLetter::id).toList();
  }

  private static Tuple subject(DeadLetterSummary summary) {
    return tuple(
        summary.table(), summary.key(), summary.operation(), summary.position(), summary.lsn());
  }

  private static List<String> ids(Listing listing) {
    return listing.deadLetters().stream().map(DeadLetterSummary::id).toList();
  }

  @Test
  void aListingTellsWhatEachIsAboutAndNoValueOfIt() {
    product(7, 5);
    letters.add(
        "truncation",
        "rejected",
        EARLIER,
        "{\"op\":\"t\",\"source\":{\"schema\":\"public\",\"table\":\"products\",\"lsn\":6}}");

    Listing listing = service.list(ALL, 10);

    assertThat(listing.waiting()).isEqualTo(2);
    assertThat(listing.complete()).isTrue();
    assertThat(listing.deadLetters())
        .extracting(DeadLetterServiceTest::subject)
        .containsExactly(
            tuple("public.products", "7", "upsert", at(5).sortKey(), "0/5"),
            tuple("public.products", null, "truncate", at(6).sortKey(), "0/6"));
    assertThat(listing.toString()).doesNotContain("secret");
    assertThat(listing.deadLetters().get(0).reason()).isEqualTo("refused-by-sink");
    assertThat(listing.deadLetters().get(0).bytes()).isEqualTo(event("products", 7, 5).length());
  }

  @Test
  void whatCannotBeReadIsListedWithoutTableAndKey() {
    letters.add("broken", "undecodable", EARLIER, "{\"op\":");
    letters.add(
        "keyless", "missing-key", EARLIER, event("products", 1, 1).replace("\"id\"", "\"x\""));

    assertThat(service.list(ALL, 10).deadLetters())
        .extracting(DeadLetterServiceTest::subject)
        .containsExactly(
            tuple(null, null, null, null, null),
            tuple("public.products", null, "upsert", at(1).sortKey(), "0/1"));
  }

  @Test
  void aListingIsSelectedByTableKeyAndReason() {
    product(1, 1);
    product(2, 2);
    letters.add("order", "missing-column", EARLIER, event("orders", 1, 3));
    letters.add("broken", "undecodable", EARLIER, "{");

    assertThat(ids(service.list(new Selection(PRODUCTS, null, null, null), 10)))
        .containsExactly("1@1", "2@2");
    assertThat(ids(service.list(new Selection(null, "1", null, null), 10)))
        .containsExactly("1@1", "order");
    assertThat(ids(service.list(new Selection(PRODUCTS, "1", null, null), 10)))
        .containsExactly("1@1");
    assertThat(ids(service.list(new Selection(null, null, "undecodable", null), 10)))
        .containsExactly("broken");
  }

  @Test
  void aListingIsBoundedAndSaysSo() {
    IntStream.rangeClosed(1, 10).forEach(key -> product(key, key));

    assertThat(service.list(ALL, 3).complete()).isFalse();
    assertThat(service.list(ALL, 3).deadLetters()).hasSize(3);
    service = service(4, 1 << 20, 50);
    assertThat(service.list(ALL, 10).deadLetters()).hasSize(4);
    assertThat(service.list(ALL, 10).waiting()).isEqualTo(10);
    service = service(100, 1, 50);
    assertThat(service.list(ALL, 10).deadLetters()).hasSize(1);
    assertThat(service.list(ALL, 10).complete()).isFalse();
  }

  @Test
  void oneIsFoundByItsIdWithItsBody() {
    product(1, 1);
    product(2, 2);

    var found = service.find("2@2").orElseThrow();

    assertThat(new String(found.letter().message().body(), UTF_8))
        .isEqualTo(event("products", 2, 2));
    assertThat(service.find("3@3")).isEmpty();
    assertThat(waiting()).containsExactly("1@1", "2@2");
  }

  @Test
  void whatWasNotLookedAtIsNotSaidToBeMissing() {
    service = service(2, 1 << 20, 50);
    IntStream.rangeClosed(1, 2).forEach(key -> product(key, key));
    assertThat(service.find("3@3")).isEmpty();
    product(3, 3);

    assertThat(service.find("2@2")).isPresent();
    assertThatThrownBy(() -> service.find("3@3"))
        .isInstanceOf(LookEndedException.class)
        .hasMessageContaining("'3@3'")
        .hasMessageContaining("oldest 2")
        .hasMessageContaining("freshet.dead-letters.look-count");
    assertThatThrownBy(() -> service.discard("3@3")).isInstanceOf(LookEndedException.class);
    assertThat(waiting()).containsExactly("1@1", "2@2", "3@3");
  }

  @Test
  void aReplayAppliesWhatIsNewerAndLeavesWhatIsNewer() throws Exception {
    product(1, 9);
    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(1, 0, 0, 0, 0));
    failed(2, 5);
    product(1, 8);
    product(2, 5);
    letters.add("marker", "rejected", EARLIER, "{\"ts_ms\":1}");

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(1, 1, 1, 0, 0));

    assertThat(waiting()).isEmpty();
    assertThat(stored(1)).isEqualTo(at(9));
    assertThat(stored(2)).isEqualTo(at(5));
    assertThat(ledger.failures().failureOf(id(2))).isEmpty();
    assertThat(
            registry.get("freshet.dead.letters.replayed").tag("outcome", "stale").counter().count())
        .isEqualTo(1);
  }

  @Test
  void whatFailsAgainStandsAtTheEndWithItsNewReason() throws Exception {
    product(1, 1);
    letters.add("broken", "rejected", EARLIER, "{");
    product(2, 2);
    sink.refused.add("1");

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(1, 0, 0, 2, 0));

    assertThat(waiting()).containsExactlyInAnyOrder("1@1", "broken");
    assertThat(letters.all())
        .extracting(DeadLetter::reason)
        .containsExactlyInAnyOrder("undecodable", "refused-by-sink");
    var failure = ledger.failures().failureOf(id(1)).orElseThrow();
    assertThat(failure.detail()).isEqualTo("public.products/1: refused");
    assertThat(failure.failedAt()).isEqualTo(NOW);
  }

  @Test
  void whatStillLacksValuesFailsAgain() throws Exception {
    String lacking = event("products", 1, 5).replace("\"d\"", "\"__debezium_unavailable_value\"");
    letters.add("lacking", "unavailable-value", EARLIER, lacking);

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(0, 0, 0, 1, 0));
    assertThat(letters.all().get(0).reason()).isEqualTo("unavailable-value");
    assertThat(ledger.failures().failureOf(id(1)).orElseThrow().detail()).contains("description");

    product(1, 4);
    assertThat(service.replay(ALL).failed()).isZero();
    assertThat(waiting()).isEmpty();
    assertThat(stored(1)).isEqualTo(at(5));
    assertThat(ledger.failures().failureOf(id(1))).isEmpty();
  }

  @Test
  void aMessageThatIsTooLargeIsReadByNoCall() throws Exception {
    String large = event("products", 1, 5).replace("secret", "x".repeat(LARGEST_MESSAGE));
    letters.add("large", "rejected", EARLIER, large);

    assertThat(service.list(ALL, 10).deadLetters())
        .extracting(DeadLetterServiceTest::subject)
        .containsExactly(tuple(null, null, null, null, null));
    assertThat(service.find("large").orElseThrow().subject()).isEqualTo(Subject.UNKNOWN);
    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(0, 0, 0, 1, 0));
    assertThat(letters.all()).extracting(DeadLetter::reason).containsExactly("too-large");
  }

  @Test
  void aDocumentThatIsTooLargeFailsAgain() throws Exception {
    String large = event("products", 1, 5).replace("secret", "x".repeat(LARGEST_DOCUMENT));
    letters.add("large", "rejected", EARLIER, large);

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(0, 0, 0, 1, 0));
    assertThat(letters.all()).extracting(DeadLetter::reason).containsExactly("too-large");
    assertThat(ledger.failures().failureOf(id(1)).orElseThrow().detail())
        .contains("freshet.indexing.max-document-size");
  }

  @Test
  void onlyWhatFitsIsReplayed() throws Exception {
    product(1, 1);
    product(2, 2);
    letters.add("other", "rejected", EARLIER, event("products", 3, 3));

    assertThat(service.replay(new Selection(PRODUCTS, "2", null, null)).succeeded()).isEqualTo(1);
    assertThat(waiting()).containsExactly("1@1", "other");
    assertThat(service.replay(new Selection(null, null, "rejected", null)).succeeded())
        .isEqualTo(1);
    assertThat(service.replay(new Selection(null, null, null, "1@1")).succeeded()).isEqualTo(1);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void aSinkThatIsDownKeepsEverything() {
    IntStream.rangeClosed(1, 3).forEach(key -> product(key, key));
    sink.upFor.set(0);

    assertThatThrownBy(() -> service.replay(ALL))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("the sink is down")
        .hasMessageContaining("kept");

    assertThat(waiting()).containsExactly("1@1", "2@2", "3@3");
  }

  @Test
  void aSinkThatGoesDownMidwayKeepsTheRest() throws Exception {
    service = service(1_000, 1 << 20, 1_000);
    IntStream.rangeClosed(1, 264).forEach(key -> product(key, key));
    sink.upFor.set(1);

    assertThatThrownBy(() -> service.replay(ALL))
        .hasMessageContaining("256 dead letters were indexed");
    assertThat(waiting()).hasSize(8).startsWith("257@257");

    sink.upFor.set(Integer.MAX_VALUE);
    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(8, 0, 0, 0, 0));
  }

  @Test
  void whatAlwaysFailsDoesNotKeepTheOthersFromTheirTurn() throws Exception {
    service = service(100, 1 << 20, 2);
    IntStream.rangeClosed(1, 4).forEach(key -> product(key, key));
    sink.refused.addAll(Set.of("1", "2"));

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(0, 0, 0, 2, 2));
    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(2, 0, 0, 0, 2));
    assertThat(waiting()).containsExactly("1@1", "2@2");
  }

  @Test
  void eachIsTriedOnceByAReplay() throws Exception {
    IntStream.rangeClosed(1, 40).forEach(key -> product(key, key));
    IntStream.rangeClosed(1, 40).forEach(key -> sink.refused.add(String.valueOf(key)));

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(0, 0, 0, 40, 0));
  }

  @Test
  void aSecondReplayIsRefusedWhileOneRuns() throws Exception {
    product(1, 1);
    var inSink = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    sink.before =
        () -> {
          inSink.countDown();
          try {
            assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    var first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return service.replay(ALL);
              } catch (ReplayRunningException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(inSink.await(10, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(() -> service.replay(ALL)).isInstanceOf(ReplayRunningException.class);

    goOn.countDown();
    await().untilAsserted(() -> assertThat(first.join().succeeded()).isEqualTo(1));
    assertThat(service.replay(ALL).succeeded()).isZero();
  }

  @Test
  void anEventWithoutAPositionDoesNotWinOverOneThatCameLater() throws Exception {
    String flat = "{\"id\":1,\"title\":\"%s\",\"description\":\"d\"}";
    letters.add("newer", "rejected", EARLIER.plusMillis(1), flat.formatted("newer"));
    service.replay(ALL);
    letters.add("older", "rejected", EARLIER, flat.formatted("older"));

    assertThat(service.replay(ALL)).isEqualTo(new ReplayReport(0, 1, 0, 0, 0));
  }

  @Test
  void whatCannotBeRemovedStaysFailed() {
    product(1, 1);
    failed(1, 1);
    letters.setAvailable(false);

    assertThatThrownBy(() -> service.discard("1@1")).isInstanceOf(UnavailableException.class);
    assertThat(waiting()).containsExactly("1@1");
    assertThat(ledger.failures().failureOf(id(1))).isPresent();
  }

  @Test
  void aFailureOfARestartedSourceIsForgottenAfterTheEpochWasRaisedToo() {
    product(1, 1);
    ledger
        .failures()
        .record(
            new DocumentFailure(
                id(1), at(1), RejectionReason.SOURCE_RESTARTED, "restarted", EARLIER));
    product(2, 2);
    failed(2, 2);
    service = service(1, 100, 1 << 20, 50);

    assertThat(service.discard("1@1")).isTrue();
    assertThat(ledger.failures().failureOf(id(1))).isEmpty();

    // Another reason's epoch is not raised: these are two changes.
    assertThat(service.discard("2@2")).isTrue();
    assertThat(ledger.failures().failureOf(id(2))).isPresent();
  }

  @Test
  void whatIsDiscardedIsGoneAndItsDocumentIsNotFailedAnyMore() {
    product(1, 1);
    product(2, 2);
    failed(1, 1);
    failed(2, 3);

    assertThat(service.discard("1@1")).isTrue();
    assertThat(service.discard("1@1")).isFalse();
    assertThat(ledger.failures().failureOf(id(1))).isEmpty();
    assertThat(waiting()).containsExactly("2@2");

    // A newer change of that document is a dead letter still.
    assertThat(service.discard("2@2")).isTrue();
    assertThat(ledger.failures().failureOf(id(2))).isPresent();
  }

  /** As after a restored source. */
  @Test
  void aReplayInTheBackgroundGoesOnUntilAllThatWaitedWereTriedOnce() throws Exception {
    sink.refused.add("3");
    for (int key = 1; key <= 10; key++) {
      product(key, 100 + key);
    }
    service = service(100, 1 << 20, 4);
    try (var background = new BackgroundReplay(service, Clock.systemUTC())) {
      background.start(ALL);
      await().until(() -> background.progress().endedAt() != null);
      assertThat(background.progress().report()).isEqualTo(new ReplayReport(9, 0, 0, 1, 1));
      assertThat(background.progress().problem()).isNull();
      assertThat(waiting()).containsExactly("3@103");
    }
  }

  @Test
  void theFailuresOfManyThatAreStaleAreForgotten() throws Exception {
    for (int key = 1; key <= 5; key++) {
      failed(key, 100);
      product(key, 100);
      product(key, 90);
    }
    service.replay(ALL);
    assertThat(ledger.failures().count()).isZero();
    assertThat(waiting()).isEmpty();
  }
}
