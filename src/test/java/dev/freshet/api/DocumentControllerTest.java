package dev.freshet.api;

import static dev.freshet.api.Calls.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.RejectionReason;
import dev.freshet.api.Calls.Answer;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Past;
import dev.freshet.document.Rendering;
import dev.freshet.document.Version;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.support.FakeIndex;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(environments = "fakes", transactional = false)
class DocumentControllerTest {

  private static final TableId PRODUCTS = new TableId("public", "products");

  @Inject EmbeddedServer server;
  @Inject FakeLedger ledger;
  @Inject FakeIndex index;
  private Calls calls;

  @BeforeEach
  void setUp() {
    ledger.reset();
    calls = new Calls(server);
  }

  private static WalPosition position(String lsn) {
    return new WalPosition(0, null, false, Lsn.parse(lsn));
  }

  private void store(DocumentId id, boolean deleted) {
    var origin =
        new Origin(
            position("0/16B3748"),
            742L,
            Instant.parse("2026-01-02T03:04:05Z"),
            Instant.parse("2026-01-02T03:04:05.010Z"),
            Instant.parse("2026-01-02T03:04:05.020Z"));
    index.segments.put(id, deleted ? List.of() : List.of(new UUID(0, 1), new UUID(0, 2)));
    ledger.documents.put(
        id,
        new StoredDocument(
            deleted
                ? DocumentState.deleted(id, origin)
                : DocumentState.present(id, origin, Map.of()),
            3,
            deleted ? "" : "c0ffee",
            deleted ? "" : "f00d",
            Rendering.UNKNOWN,
            Instant.parse("2026-01-02T03:04:05.100Z"),
            deleted ? null : Instant.parse("2026-01-02T03:04:05.090Z"),
            deleted ? null : 1));
  }

  @Test
  void aDocumentThatLacksAValueIsPendingAndSaysWhichOne() {
    var id = new DocumentId(PRODUCTS, List.of("7"));
    var origin = new Origin(position("0/16B3748"), 742L, null, null, Instant.EPOCH);
    var row = new Version.Present(origin.position(), Map.of(), Set.of("description"), null);
    var state = new DocumentState(id, origin, row, Past.NONE);
    ledger.documents.put(
        id, new StoredDocument(state, 1, "", "", Rendering.UNKNOWN, Instant.EPOCH, null, null));

    JsonNode body = calls.get("/documents/public.products/7").body();

    assertThat(body.path("state").asText()).isEqualTo("pending");
    assertThat(body.at("/waitsFor/0").asText()).isEqualTo("description");
    assertThat(body.path("contentHash").isNull()).isTrue();
  }

  @Test
  void anIndexedDocumentTellsEachStage() {
    store(new DocumentId(PRODUCTS, List.of("42")), false);

    Answer answer = calls.get("/documents/public.products/42");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .startsWith(
            """
            {"documentId":"public.products/42","table":"public.products","key":"42",\
            "state":"indexed",\
            "position":"W00000000.00000000016B3748.1.00000000016B3748.n","lsn":"0/16B3748",\
            "txId":742,"committedAt":"2026-01-02T03:04:05Z",\
            "capturedAt":"2026-01-02T03:04:05.010Z","receivedAt":"2026-01-02T03:04:05.020Z",\
            "embeddedAt":"2026-01-02T03:04:05.090Z","embedded":1,\
            "indexedAt":"2026-01-02T03:04:05.100Z","segments":2,"contentHash":"c0ffee",\
            "model":"test-model","failure":null,"waitsFor":[],"reason":null,"received":null,\
            "freshness":{"asOfLsn":""");
  }

  private void fail(String lsn) {
    ledger.failures.record(
        new DocumentFailure(
            new DocumentId(PRODUCTS, List.of("a,b&c")),
            position(lsn),
            RejectionReason.MISSING_COLUMN,
            "the template names 'title'",
            Instant.parse("2026-01-02T03:04:06Z")));
  }

  @Test
  void aDocumentWhoseNewestChangeIsADeadLetterTellsWhyAndHowToReplayIt() {
    store(new DocumentId(PRODUCTS, List.of("a,b&c")), false);
    fail("0/2000000");

    var body = calls.get("/documents/public.products/" + encoded("a\\,b&c")).body();

    assertThat(body.path("state").asText()).isEqualTo("failed");
    assertThat(body.path("lsn").asText()).isEqualTo("0/16B3748");
    assertThat(body.path("segments").asInt()).isEqualTo(2);
    assertThat(body.path("failure").toString())
        .isEqualTo(
            """
            {"reason":"missing-column","detail":"the template names 'title'",\
            "position":"W00000000.0000000002000000.1.0000000002000000.n","lsn":"0/2000000",\
            "failedAt":"2026-01-02T03:04:06Z","olderSearchable":true,\
            "replay":"POST /dead-letters/replay?table=public.products&key=a%5C%2Cb%26c"}""");
  }

  @Test
  void aDocumentWhoseOnlyChangeFailedHasNoOlderVersion() {
    fail("0/2000000");

    var body = calls.get("/documents/public.products/" + encoded("a\\,b&c")).body();

    assertThat(body.path("state").asText()).isEqualTo("failed");
    assertThat(body.path("position").isNull()).isTrue();
    assertThat(body.path("failure").path("olderSearchable").asBoolean()).isFalse();
  }

  @Test
  void aFailureThatWasHealedBetweenTheTwoLooksIsNone() {
    store(new DocumentId(PRODUCTS, List.of("a,b&c")), false);
    fail("0/16B3748");

    var body = calls.get("/documents/public.products/" + encoded("a\\,b&c")).body();

    assertThat(body.path("state").asText()).isEqualTo("indexed");
  }

  @Test
  void aDeletedDocumentTellsWhichChangeDeletedIt() {
    store(new DocumentId(PRODUCTS, List.of("42")), true);

    var body = calls.get("/documents/public.products/42").body();

    assertThat(body.path("state").asText()).isEqualTo("deleted");
    assertThat(body.path("lsn").asText()).isEqualTo("0/16B3748");
    assertThat(body.path("segments").asInt()).isZero();
    assertThat(body.path("contentHash").isNull()).isTrue();
    assertThat(body.path("model").isNull()).isTrue();
  }

  @Test
  void aDocumentThatNothingIsKnownOfIsUnknown() {
    Answer answer = calls.get("/documents/public.products/43");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("state").asText()).isEqualTo("unknown");
    assertThat(answer.body().path("documentId").asText()).isEqualTo("public.products/43");
    assertThat(answer.body().path("lsn").isNull()).isTrue();
  }

  @Test
  void aDocumentWhoseTableWasTruncatedLaterIsDeleted() {
    store(new DocumentId(PRODUCTS, List.of("42")), false);
    ledger.truncations.put(PRODUCTS, position("0/2000000"));

    var body = calls.get("/documents/public.products/42").body();

    assertThat(body.path("state").asText()).isEqualTo("deleted");
    assertThat(body.path("lsn").asText()).isEqualTo("0/2000000");
    assertThat(body.path("segments").asInt()).isZero();
  }

  @Test
  void aDocumentThatTheTruncationRemovedFromTheStoreIsDeleted() {
    ledger.truncations.put(PRODUCTS, position("0/2000000"));

    var body = calls.get("/documents/public.products/42").body();

    assertThat(body.path("state").asText()).isEqualTo("deleted");
  }

  @Test
  void aDocumentThatCameAfterTheTruncationIsIndexed() {
    store(new DocumentId(PRODUCTS, List.of("42")), false);
    ledger.truncations.put(PRODUCTS, position("0/1000000"));

    var body = calls.get("/documents/public.products/42").body();

    assertThat(body.path("state").asText()).isEqualTo("indexed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "a b",
        "a+b",
        "a%b",
        "a%2Fb",
        "ä€😀",
        "..",
        ".",
        "a?b#c",
        "a;b=c",
        "\"'<>{}",
        "explain/x"
      })
  void aKeyIsPercentDecodedOnce(String value) {
    store(new DocumentId(PRODUCTS, List.of(value)), false);

    var body = calls.get("/documents/public.products/" + encoded(value)).body();

    assertThat(body.path("key").asText()).isEqualTo(value);
    assertThat(body.path("state").asText()).isEqualTo("indexed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a+b", "(a)!*'", "a&b;c=d", "$a:@~", "-_.x"})
  void whatAPathMayHoldNeedsNoEncoding(String value) {
    store(new DocumentId(PRODUCTS, List.of(value)), false);

    var body = calls.get("/documents/public.products/" + value).body();

    assertThat(body.path("key").asText()).isEqualTo(value);
    assertThat(body.path("state").asText()).isEqualTo("indexed");
  }

  @Test
  void severalKeyColumnsAreJoinedAndEscaped() {
    store(new DocumentId(PRODUCTS, List.of("a,b", "c\\d", "")), false);

    var body = calls.get("/documents/public.products/" + encoded("a\\,b,c\\\\d,")).body();

    assertThat(body.path("key").asText()).isEqualTo("a\\,b,c\\\\d,");
    assertThat(body.path("state").asText()).isEqualTo("indexed");
  }

  @Test
  void aTableIsPercentDecodedToo() {
    var id = new DocumentId(new TableId("my schema", "a/b.c"), List.of("1"));
    store(id, false);

    var body = calls.get("/documents/" + encoded("my schema.a/b.c") + "/1").body();

    assertThat(body.path("table").asText()).isEqualTo("my schema.a/b.c");
    assertThat(body.path("state").asText()).isEqualTo("indexed");
  }

  @Test
  void aTableWithoutASchemaIsRefused() {
    Answer answer = calls.get("/documents/products/42");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo("table");
    assertThat(answer.detail()).contains("schema.table");
  }

  @Test
  void aKeyThatNoTextColumnCanHoldIsRefused() {
    Answer answer = calls.get("/documents/public.products/a%00b");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo("key");
  }

  @Test
  void anUnknownParameterIsRefused() {
    Answer answer = calls.get("/documents/public.products/42?k=7");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo("k");
  }

  @Test
  void aStoreThatDoesNotAnswerIsUnavailable() {
    ledger.available = false;

    Answer answer = calls.get("/documents/public.products/42");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.detail()).isEqualTo("the store does not answer");
  }
}
