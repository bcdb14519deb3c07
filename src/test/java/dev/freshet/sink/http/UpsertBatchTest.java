package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.delete;
import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import dev.freshet.support.RecordedLlamaService.Answer;
import dev.freshet.support.RecordedLlamaService.Call;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that send several documents to a service that announces them. */
class UpsertBatchTest {

  private static final String BATCH = "POST /upsert-batch";
  private static final String SINGLE = "POST /upsert";
  private static final Outcome SENT = new Outcome.Indexed(0, 0, null);

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void severalDocumentsGoInOneCallWhereTheServiceAnnouncesIt() {
    fixture.service.offerBatches(256);

    assertThat(fixture.apply(upsert("1", "a", 1), upsert("2", "b", 2), delete("3", 3)))
        .containsExactly(SENT, SENT, new Outcome.Deleted());

    assertThat(fixture.calls()).containsExactly("DELETE /delete/3", BATCH);
    assertThat(fixture.service.documents()).containsOnlyKeys("1", "2");
    assertThat(fixture.service.document("2").path("content").asText()).isEqualTo("Title: b");
    assertThat(fixture.apply(upsert("1", "a", 5), upsert("2", "b", 6)))
        .containsExactly(new Outcome.Unchanged(), new Outcome.Unchanged());
  }

  @Test
  void theServiceIsAskedOnceAndNotForOneDocument() {
    fixture.apply(upsert("1", "a", 1));
    assertThat(asked()).isZero();

    fixture.sink.apply(upserts(3, 2));
    fixture.sink.apply(upserts(3, 3));

    assertThat(asked()).isEqualTo(1);
    assertThat(fixture.calls()).containsExactlyElementsOf(Collections.nCopies(7, SINGLE));
  }

  private long asked() {
    return fixture.service.calls().stream().filter(call -> call.path().equals("/")).count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "[]",
        "{'capabilities':'upsert-batch'}",
        "{'capabilities':['query'],'most_documents':5}",
        "{'capabilities':['upsert-batch'],'most_documents':-1}",
      })
  void aServiceThatAnnouncesNothingUsefulGetsThemOneByOne(String answer) {
    fixture.service.answer(
        call ->
            Optional.of(Answer.json(answer.replace('\'', '"')))
                .filter(json -> call.path().equals("/")));

    fixture.sink.apply(upserts(3, 1));

    assertThat(fixture.calls()).containsExactly(SINGLE, SINGLE, SINGLE);
  }

  @Test
  void aCallHasNoMoreDocumentsThanTheServiceTakes() {
    fixture.service.offerBatches(100);

    fixture.sink.apply(upserts(256, 1));

    assertThat(fixture.service.calls().stream().filter(this::isBatch).map(this::size))
        .containsExactlyInAnyOrder(100, 100, 56);
    assertThat(fixture.calls()).containsExactly(BATCH, BATCH, BATCH);
    assertThat(fixture.service.documents()).hasSize(256);
  }

  @Test
  void longDocumentsAreNotPutIntoOneCall() {
    fixture.service.offerBatches(256);
    String text = "word ".repeat(40_000);

    fixture.apply(upsert("1", text, 1), upsert("2", text, 1), upsert("3", "c", 1));

    assertThat(fixture.calls()).containsExactly(SINGLE, BATCH);
  }

  @Test
  void aRefusalOfSeveralIsHeldAgainstTheOneThatIsToBlame() {
    fixture.service.offerBatches(256);
    fixture.service.answer(
        call -> call.body().contains("\"bad\"") ? Optional.of(Answer.of(422)) : Optional.empty());

    List<Outcome> outcomes =
        fixture.apply(upsert("1", "a", 1), upsert("bad", "b", 1), upsert("3", "c", 1));

    assertThat(outcomes).element(0).isEqualTo(SENT);
    assertThat(outcomes).element(1).isInstanceOf(Outcome.Rejected.class);
    assertThat(outcomes).element(2).isEqualTo(SENT);
    assertThat(fixture.calls()).containsExactly(SINGLE, SINGLE, SINGLE, BATCH);
  }

  @Test
  void afterAFailureDocumentsGoOneByOneAndThenInTwiceAsMany() {
    fixture.service.offerBatches(256);
    fixture.service.answer(call -> isBatch(call) ? Optional.of(Answer.of(503)) : Optional.empty());
    assertThatThrownBy(() -> fixture.sink.apply(upserts(8, 1)))
        .isInstanceOf(UnavailableException.class);
    fixture.calls();

    fixture.sink.apply(upserts(8, 2));
    assertThat(fixture.calls()).containsExactlyElementsOf(Collections.nCopies(8, SINGLE));

    fixture.service.recover();
    fixture.sink.apply(upserts(8, 3));
    assertThat(fixture.calls()).containsExactly(BATCH, BATCH, BATCH, BATCH);
    fixture.sink.apply(upserts(8, 4));
    assertThat(fixture.calls()).containsExactly(BATCH, BATCH);
  }

  @Test
  void aServiceThatAnnouncesNoBatchAnyMoreGetsThemOneByOne() {
    fixture.service.offerBatches(256);
    fixture.sink.apply(upserts(2, 1));
    fixture.service.offerBatches(0);
    fixture.service.answer(call -> isBatch(call) ? Optional.of(Answer.of(404)) : Optional.empty());
    assertThatThrownBy(() -> fixture.sink.apply(upserts(2, 2)))
        .isInstanceOf(UnavailableException.class);
    fixture.calls();

    fixture.sink.apply(upserts(2, 2));
    fixture.sink.apply(upserts(2, 3));

    assertThat(fixture.calls()).containsExactly(SINGLE, SINGLE, SINGLE, SINGLE);
  }

  @Test
  void eachDocumentNamesItsTrace() {
    fixture.service.offerBatches(256);
    var trace =
        new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=x");
    DocumentChange traced = upsert("1", "a", 1);

    fixture.sink.apply(
        List.of(traced, upsert("2", "b", 1)), Map.of(traced.document().orElseThrow(), trace));

    assertThat(fixture.service.document("1").path("traceparent").asText())
        .isEqualTo(trace.traceparent());
    assertThat(fixture.service.document("1").path("tracestate").asText()).isEqualTo("vendor=x");
    assertThat(fixture.service.document("2").has("traceparent")).isFalse();
    assertThat(fixture.calls()).containsExactly(BATCH);
  }

  @Test
  void positionsRiseFromCallToCall() {
    fixture.service.offerBatches(256);
    fixture.sink.apply(upserts(2, 1));
    String first = fixture.service.document("0").path("position").asText();
    String second = fixture.service.document("1").path("position").asText();
    fixture.calls();
    fixture.apply(upsert("0", "newer", 2));
    fixture.apply(delete("0", 3));

    List<String> later =
        fixture.service.calls().stream()
            .map(call -> call.headers().get("Freshet-position"))
            .toList();
    assertThat(List.of(first, second, later.get(0), later.get(1)))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(fixture.calls()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aServiceThatHasANewerVersionFromElsewhereStopsConsumption(int documents) {
    fixture.service.offerBatches(256);
    fixture.service.answer(
        call -> call.path().equals("/") ? Optional.empty() : Optional.of(Answer.of(412)));

    assertThatThrownBy(() -> fixture.sink.apply(upserts(documents, 1)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("let one Freshet alone write to it");
  }

  private boolean isBatch(Call call) {
    return call.toString().equals(BATCH);
  }

  private int size(Call call) {
    JsonNode documents = call.json().path("documents");
    return documents.size();
  }

  private static List<DocumentChange> upserts(int documents, long lsn) {
    return IntStream.range(0, documents)
        .mapToObj(key -> upsert(String.valueOf(key), "version " + lsn, lsn))
        .toList();
  }
}
