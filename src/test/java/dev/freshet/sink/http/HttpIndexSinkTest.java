package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.ORDERS;
import static dev.freshet.sink.http.Changes.PRODUCTS;
import static dev.freshet.sink.http.Changes.delete;
import static dev.freshet.sink.http.Changes.product;
import static dev.freshet.sink.http.Changes.truncate;
import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.Outcome.Deleted;
import dev.freshet.sink.Outcome.Indexed;
import dev.freshet.sink.Outcome.Stale;
import dev.freshet.sink.Outcome.Unchanged;
import dev.freshet.support.RecordedLlamaService.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ListAssert;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpIndexSinkTest {

  private static final Outcome SENT = new Indexed(0, 0, null);

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anUpsertSendsIdContentAndTheRow() {
    var row = new LinkedHashMap<String, String>();
    row.put("id", "9007199254740993");
    row.put("title", "\"Grün\"");
    row.put("price", "12.50");
    row.put("note", "null");
    row.put("tags", "[\"a\",\"b\"]");

    assertThat(fixture.apply(upsert(PRODUCTS, "9007199254740993", row, Set.of(), 10)))
        .containsExactly(SENT);

    assertThat(fixture.service.calls().get(0).headers())
        .containsEntry("Content-type", "application/json");
    assertThat(fixture.service.calls().get(0).body())
        .isEqualTo(
            """
            {"id":"9007199254740993","content":"Title: Grün","metadata":\
            {"id":9007199254740993,"title":"Grün","price":12.50,"note":null,"tags":["a","b"]}}""");
    assertThat(fixture.calls()).containsExactly("POST /upsert");
  }

  @Test
  void aCallNamesTheTraceOfTheChange() {
    var trace =
        new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=x");
    DocumentChange change = delete("42", 10);

    fixture.sink.apply(
        List.of(change, delete("43", 11)), Map.of(change.document().orElseThrow(), trace));

    assertThat(fixture.service.calls())
        .filteredOn(call -> call.path().endsWith("/42"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.headers())
                    .containsEntry("Traceparent", trace.traceparent())
                    .containsEntry("Tracestate", "vendor=x"));
    assertThat(fixture.service.calls())
        .filteredOn(call -> call.path().endsWith("/43"))
        .singleElement()
        .satisfies(call -> assertThat(call.headers()).doesNotContainKey("Traceparent"));
  }

  @Test
  void aDeleteNamesTheDocumentInThePath() {
    assertThat(fixture.apply(delete("42", 10))).containsExactly(new Deleted());
    assertThat(fixture.calls()).containsExactly("DELETE /delete/42");
  }

  @Test
  void idsInPathsArePercentEncoded() {
    fixture.apply(delete("a/b", 1), delete("ü", 1), delete("x y+z", 1), delete("..", 1));

    assertThat(fixture.calls())
        .containsExactlyInAnyOrder(
            "DELETE /delete/a%2Fb",
            "DELETE /delete/%C3%BC", "DELETE /delete/x%20y%2Bz", "DELETE /delete/%2E%2E");
  }

  @Test
  void aKeyOfOneColumnIsSentAsItIsAndAKeyOfSeveralIsJoined() {
    fixture.apply(
        upsert(new DocumentId(PRODUCTS, List.of("a,b\\")), "one", 1),
        upsert(new DocumentId(PRODUCTS, List.of("a,b", "c")), "two", 1));

    assertThat(fixture.service.documents()).containsOnlyKeys("a,b\\", "a\\,b,c");
  }

  @Test
  void anEmptyKeyIsRejected() {
    assertThat(fixture.apply(upsert(new DocumentId(PRODUCTS, List.of("")), "a", 1)))
        .singleElement()
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(fixture.calls()).isEmpty();
  }

  @Test
  void aStaleChangeSendsNothing() {
    fixture.apply(upsert("1", "new", 20));
    fixture.calls();

    assertThat(fixture.apply(upsert("1", "old", 10), delete("1", 20)))
        .containsExactly(new Stale(), new Stale());
    assertThat(fixture.calls()).isEmpty();
  }

  @Test
  void anUnchangedDocumentSendsNothingButItsStateMovesOn() {
    fixture.apply(upsert("1", "same", 10));
    fixture.calls();

    assertThat(fixture.apply(upsert("1", "same", 20))).containsExactly(new Unchanged());
    assertThat(fixture.apply(upsert("1", "late", 15))).containsExactly(new Stale());
    assertThat(fixture.calls()).isEmpty();
  }

  @Test
  void aChangeOfMetadataAloneIsSent() {
    fixture.apply(upsert(PRODUCTS, "1", Map.of("title", "\"a\"", "price", "1"), Set.of(), 10));
    fixture.calls();

    assertThat(
            fixture.apply(
                upsert(PRODUCTS, "1", Map.of("title", "\"a\"", "price", "2"), Set.of(), 20)))
        .containsExactly(SENT);
    assertThat(fixture.calls()).containsExactly("POST /upsert");
  }

  @Test
  void severalChangesOfOneDocumentAreOneCall() {
    assertThat(fixture.apply(upsert("1", "a", 10), upsert("1", "b", 20), upsert("1", "c", 30)))
        .containsExactly(SENT, SENT, SENT);

    assertThat(fixture.calls()).containsExactly("POST /upsert");
    assertThat(content("1")).isEqualTo("Title: c");
  }

  @Test
  void aValueThatTheEventLeavesOutIsTakenFromTheLedger() {
    fixture.apply(upsert(PRODUCTS, "1", Map.of("title", "\"a\"", "text", "\"long\""), Set.of(), 1));

    fixture.apply(upsert(PRODUCTS, "1", Map.of("title", "\"b\""), Set.of("text"), 2));

    assertThat(fixture.service.document("1").at("/metadata/text").asText()).isEqualTo("long");
  }

  @Test
  void aTruncateDeletesEveryDocumentOfTheTableThatItSupersedes() {
    fixture.apply(upsert("1", "a", 10), upsert("2", "b", 10), upsert("3", "newer", 40));
    fixture.calls();

    assertThat(fixture.apply(truncate(30))).containsExactly(new Deleted());

    assertThat(fixture.calls()).containsExactly("DELETE /delete/1", "DELETE /delete/2");
    assertThat(fixture.service.documents()).containsOnlyKeys("3");
    assertThat(fixture.ledger.documentsOf(PRODUCTS)).containsExactly(product("3"));
  }

  @Test
  void whatIsWrittenAgainAfterATruncateIsNotDeleted() {
    fixture.apply(upsert("1", "a", 10), upsert("2", "b", 10));
    fixture.calls();

    fixture.apply(truncate(30), upsert("1", "a", 40));

    assertThat(fixture.calls()).containsExactly("DELETE /delete/2", "POST /upsert");
    assertThat(fixture.service.documents()).containsOnlyKeys("1");
  }

  @Test
  void requestsOfDifferentDocumentsAreInFlightTogetherAndNeverTwoOfOne() {
    fixture.service.answerAll(Answer.of(200).after(Duration.ofMillis(50)));
    var changes = new ArrayList<DocumentChange>();
    for (int lsn = 1; lsn <= 60; lsn++) {
      changes.add(upsert(Integer.toString(lsn % 20), "title " + lsn, lsn));
    }

    fixture.sink.apply(changes.subList(0, 40));
    fixture.sink.apply(changes.subList(40, 60));

    assertThat(fixture.calls()).hasSize(40);
    assertThat(fixture.service.mostInFlight()).isEqualTo(8);
    assertThat(fixture.service.mostInFlightOfOneDocument()).isEqualTo(1);
  }

  @Test
  void aRefusedDocumentDoesNotHoldUpTheOthers() {
    fixture.service.answerFor("2", Answer.of(422));

    List<Outcome> outcomes =
        fixture.apply(upsert("1", "a", 1), upsert("2", "secret", 1), upsert("3", "c", 1));

    assertThat(outcomes.get(0)).isEqualTo(SENT);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
    var rejected = (Outcome.Rejected) outcomes.get(1);
    assertThat(rejected.reason()).isEqualTo(RejectionReason.REFUSED_BY_SINK);
    assertThat(rejected.detail()).contains("422").doesNotContain("secret");
    assertThat(outcomes.get(2)).isEqualTo(SENT);
    assertThat(fixture.ledger.documentsOf(PRODUCTS)).doesNotContain(product("2"));
  }

  @Test
  void aRefusedDocumentOfATruncatedTableLosesItsOldVersion() {
    fixture.apply(upsert("1", "old", 1));
    fixture.service.answer(
        call -> "POST".equals(call.method()) ? Optional.of(Answer.of(413)) : Optional.empty());

    assertInParts(truncate(2), upsert("1", "too large", 3))
        .satisfiesExactly(
            truncated -> assertThat(truncated).isEqualTo(new Deleted()),
            refused -> assertThat(refused).isInstanceOf(Outcome.Rejected.class));

    assertThat(fixture.service.documents()).isEmpty();
    assertThat(fixture.ledger.documentsOf(PRODUCTS)).isEmpty();
  }

  @Test
  void aRefusedVersionLeavesTheGoodOneBeforeIt() {
    fixture.apply(upsert("1", "old", 1));
    refuse("Title: bad");

    assertInParts(upsert("1", "good", 2), upsert("1", "bad", 3))
        .satisfiesExactly(
            good -> assertThat(good).isEqualTo(SENT),
            bad -> assertThat(bad).isInstanceOf(Outcome.Rejected.class));

    assertThat(content("1")).isEqualTo("Title: good");
  }

  @Test
  void aDocumentIsDeletedThoughItsNextVersionIsRefused() {
    fixture.apply(upsert("1", "old", 1));
    refuse("Title: bad");

    assertInParts(delete("1", 2), upsert("1", "bad", 3))
        .satisfiesExactly(
            deleted -> assertThat(deleted).isEqualTo(new Deleted()),
            bad -> assertThat(bad).isInstanceOf(Outcome.Rejected.class));

    assertThat(fixture.service.documents()).isEmpty();
  }

  @Test
  void whatWasConfirmedBesideARefusalIsNotSentAgain() {
    refuse("Title: bad");
    DocumentChange other = upsert("2", "other", 1);

    assertThatThrownBy(() -> fixture.apply(upsert("1", "a", 1), other, upsert("1", "bad", 2)))
        .isInstanceOfSatisfying(
            RejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectionReason.REFUSED_BY_SINK));
    fixture.calls();

    assertThat(fixture.apply(upsert("1", "a", 1), other)).containsExactly(SENT, new Stale());
    assertThat(fixture.calls()).containsExactly("POST /upsert");
  }

  @Test
  void severalChangesOfAnEmptyKeyAreAllToBlame() {
    var empty = new DocumentId(PRODUCTS, List.of(""));

    assertThat(fixture.apply(upsert(empty, "a", 1), upsert(empty, "b", 2)))
        .hasOnlyElementsOfType(Outcome.Rejected.class);
  }

  @Test
  void aTruncateDeletesNothingUnderAnEmptyKey() {
    var empty = new DocumentId(PRODUCTS, List.of(""));

    assertThat(fixture.apply(upsert(empty, "a", 1), truncate(2)))
        .containsExactly(new Stale(), new Deleted());
    assertThat(fixture.calls()).isEmpty();
  }

  @Test
  void afterAFaultTheSameBatchCompletes() {
    DocumentChange[] batch = {upsert("1", "a", 1), upsert("2", "b", 1), delete("3", 1)};
    fixture.service.answerFor("2", Answer.of(503));
    assertThatThrownBy(() -> fixture.apply(batch)).isInstanceOf(UnavailableException.class);

    fixture.service.recover();

    assertThat(fixture.apply(batch)).contains(SENT, Index.atIndex(1));
    assertThat(fixture.service.documents()).containsOnlyKeys("1", "2");
    assertThat(fixture.apply(batch)).containsExactly(new Stale(), new Stale(), new Stale());
  }

  @Test
  void aDocumentThatChangedBackBeforeTheLedgerSawItIsSentAgain() {
    fixture.apply(upsert("1", "a", 1));
    crashAfter(upsert("1", "b", 2));

    fixture.apply(upsert("1", "b", 2), upsert("1", "a", 3));

    assertThat(content("1")).isEqualTo("Title: a");
  }

  @Test
  void aDocumentThatWasDeletedBeforeTheLedgerSawItIsSentAgain() {
    fixture.apply(upsert("1", "a", 1));
    crashAfter(truncate(2));

    fixture.apply(truncate(2), upsert("1", "a", 3));

    assertThat(content("1")).isEqualTo("Title: a");
  }

  @Test
  void aDocumentThatTheLedgerNeverSawIsTruncatedToo() {
    crashAfter(upsert("1", "a", 1));

    fixture.apply(upsert("1", "a", 1), truncate(2));

    assertThat(fixture.service.documents()).isEmpty();
  }

  @Test
  void anotherTablesBareKeysAreRefused() {
    fixture.apply(upsert("1", "product", 1));
    fixture.sink = fixture.sink(DocumentIdForm.KEY, true);

    List<Outcome> outcomes =
        fixture.apply(upsert(ORDERS, "1", "order", 2), upsert("2", "product", 3));

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Rejected.class);
    assertThat(((Outcome.Rejected) outcomes.get(0)).detail())
        .contains("public.orders", "freshet.llama.document-id", "table-key");
    assertThat(outcomes.get(1)).isEqualTo(SENT);
    assertThat(content("1")).isEqualTo("Title: product");
  }

  @Test
  void tablesShareBareKeysWhereTheConfigurationSaysSo() {
    fixture.sink = fixture.sink(DocumentIdForm.KEY, false);

    fixture.apply(upsert("1", "product", 1), upsert(ORDERS, "2", "order", 2));

    assertThat(fixture.service.documents()).containsOnlyKeys("1", "2");
  }

  @Test
  void withTableKeysTheTableStandsInTheId() {
    fixture.sink = fixture.sink(DocumentIdForm.TABLE_KEY, false);

    fixture.apply(upsert("1", "product", 1), upsert(ORDERS, "1", "order", 2), delete("2", 3));

    assertThat(fixture.service.documents())
        .containsOnlyKeys("public.products/1", "public.orders/1");
    assertThat(fixture.calls()).contains("DELETE /delete/public.products%2F2");
  }

  @Test
  void aLedgerOfIdsOfAnotherFormIsRefused() {
    fixture.apply(upsert("1", "a", 1));

    assertThatThrownBy(() -> fixture.sink(DocumentIdForm.TABLE_KEY, false))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("freshet.llama.document-id");
  }

  private void refuse(String content) {
    fixture.service.answer(
        call -> call.body().contains(content) ? Optional.of(Answer.of(422)) : Optional.empty());
  }

  /** The batch is refused as a whole; the outcomes are those of its changes alone. */
  private ListAssert<Outcome> assertInParts(DocumentChange... batch) {
    assertThatThrownBy(() -> fixture.apply(batch)).isInstanceOf(RejectedException.class);
    return assertThat(Stream.of(batch).flatMap(one -> fixture.apply(one).stream()).toList());
  }

  /** What is sent reaches the service, but the process ends before the ledger has it. */
  private void crashAfter(DocumentChange change) {
    fixture.ledger.failCommits();
    assertThatThrownBy(() -> fixture.apply(change)).isInstanceOf(UnavailableException.class);
    fixture.ledger.takeCommits();
  }

  private String content(String id) {
    return fixture.service.document(id).path("content").asText();
  }
}
