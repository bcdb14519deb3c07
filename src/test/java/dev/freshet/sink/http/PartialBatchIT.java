package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.PRODUCTS;
import static dev.freshet.sink.http.Changes.delete;
import static dev.freshet.sink.http.Changes.moved;
import static dev.freshet.sink.http.Changes.movedAway;
import static dev.freshet.sink.http.Changes.row;
import static dev.freshet.sink.http.Changes.truncate;
import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.RejectedException;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import dev.freshet.support.RecordedLlamaService.Answer;
import dev.freshet.support.RecordedLlamaService.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that the service takes only in part. */
class PartialBatchIT {

  private static final int BATCH = 256;
  private static final int ALLOWED = 20;
  private static final int MOST_ATTEMPTS = 40;
  private static final int ROUNDS = 20;

  private final HttpSinkFixture fixture = new HttpSinkFixture();
  private final AtomicInteger allowance = new AtomicInteger();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aServiceThatTakesAFewRequestsAtATimeGetsEveryDocument() {
    limitRequests();

    applyUntilItSucceeds(ALLOWED, upserts(1));

    assertThat(fixture.service.documents()).hasSize(BATCH);
    assertThat(fixture.calls()).hasSizeLessThan(2 * BATCH);
  }

  @Test
  void aTruncateIsCompletedAFewDeletesAtATime() {
    fixture.sink.apply(upserts(1));
    fixture.calls();
    limitRequests();

    applyUntilItSucceeds(ALLOWED, List.of(truncate(1000)));

    assertThat(fixture.service.documents()).isEmpty();
    assertThat(fixture.calls()).hasSizeLessThan(2 * BATCH);
    assertThat(fixture.apply(upsert("1", "late", 999))).containsExactly(new Outcome.Stale());
  }

  @Test
  void aTableThatIsTruncatedAndFilledAnewArrivesAFewDocumentsAtATime() {
    fixture.sink.apply(upserts(1));
    fixture.calls();
    limitRequests();
    var batch = new ArrayList<DocumentChange>();
    batch.add(truncate(1000));
    batch.addAll(upserts(1001).subList(BATCH / 2, BATCH));

    applyUntilItSucceeds(ALLOWED, batch);

    assertThat(fixture.service.documents()).hasSize(BATCH / 2);
    assertThat(fixture.ledger.documentsOf(PRODUCTS)).hasSize(BATCH / 2);
    assertThat(fixture.calls()).hasSizeLessThan(2 * BATCH);
  }

  @Test
  void documentsThatAreUndoneByATruncateAreDeletedAFewAtATime() {
    limitRequests();
    var batch = new ArrayList<>(upserts(1));
    batch.add(truncate(1000));

    applyUntilItSucceeds(ALLOWED, batch);

    assertThat(fixture.calls()).hasSizeLessThan(2 * BATCH);
    assertThat(fixture.ledger.documentsOf(PRODUCTS)).isEmpty();
  }

  @Test
  void renumberedRowsArriveAFewAtATime() {
    var rows = new ArrayList<DocumentChange>();
    var renumbered = new ArrayList<DocumentChange>();
    for (int key = 128; key > 0; key--) {
      long lsn = 1000 - 2L * key;
      rows.add(row(Integer.toString(key), "a", "text " + key, 1));
      renumbered.add(movedAway(Integer.toString(key), lsn));
      renumbered.add(moved(Integer.toString(key), Integer.toString(key + 1), "b", lsn + 1));
    }
    fixture.sink.apply(rows);
    fixture.calls();
    limitRequests();

    applyUntilItSucceeds(ALLOWED, renumbered);

    assertThat(fixture.calls()).hasSizeLessThan(BATCH);
    for (int key = 1; key <= 128; key++) {
      assertThat(text(Integer.toString(key + 1))).isEqualTo("text " + key);
    }
  }

  @Test
  void aRowThatMovedFindsItsOwnTextThoughAnotherTookItsOldKey() {
    fixture.apply(row("1", "a", "its own", 1));
    fixture.service.answerFor("2", Answer.of(429));
    DocumentChange[] batch = {
      movedAway("1", 2), moved("1", "2", "a", 3), row("1", "b", "another's", 4)
    };
    assertThatThrownBy(() -> fixture.apply(batch)).isInstanceOf(UnavailableException.class);
    fixture.service.recover();

    fixture.apply(batch);

    assertThat(text("2")).isEqualTo("its own");
    assertThat(text("1")).isEqualTo("another's");
  }

  @Test
  void aRowThatMovedKeepsItsTextThoughItsNewKeyWasAnothersBefore() {
    fixture.apply(row("1", "a", "its own", 1), row("2", "b", "another's", 2));
    fixture.service.answerFor("9", Answer.of(429));
    DocumentChange[] batch = {
      row("2", "b", "another's still", 3),
      delete("2", 4),
      movedAway("1", 5),
      moved("1", "2", "a", 6),
      upsert("9", "z", 7)
    };
    assertThatThrownBy(() -> fixture.apply(batch)).isInstanceOf(UnavailableException.class);
    fixture.service.recover();

    fixture.apply(batch);

    assertThat(text("2")).isEqualTo("its own");
  }

  @Test
  void aChangeThatCannotBeCompletedIsNotCompletedFromAnotherRow() {
    fixture.service.answerFor("9", Answer.of(429));
    DocumentChange[] batch = {
      movedAway("1", 2), moved("1", "2", "a", 3), row("1", "b", "another's", 4), upsert("9", "z", 5)
    };
    assertThatThrownBy(() -> fixture.apply(batch)).isInstanceOf(UnavailableException.class);
    fixture.service.recover();

    assertThat(fixture.apply(batch).get(1)).isEqualTo(new Outcome.Incomplete(Set.of("text")));
    assertThat(fixture.service.documents()).containsOnlyKeys("1", "9");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whateverIsInterruptedEndsAsIfNothingHadBeen(int seed) {
    var table = new RandomTable(seed);
    limitRequests();
    try (var undisturbed = new HttpSinkFixture()) {
      for (int round = 0; round < ROUNDS; round++) {
        List<DocumentChange> batch = table.changes();
        undisturbed.sink.apply(batch);
        applyUntilItSucceeds(2, batch);

        assertThat(fixture.service.documents()).isEqualTo(undisturbed.service.documents());
        assertThat(fixture.ledger.documentsOf(PRODUCTS))
            .containsExactlyInAnyOrderElementsOf(undisturbed.ledger.documentsOf(PRODUCTS));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whateverIsRefusedEndsAsIfItHadComeAlone(int seed) {
    var table = new RandomTable(seed);
    table.onlyCompleteRows();
    fixture.service.answer(PartialBatchIT::refuseSome);
    try (var alone = new HttpSinkFixture()) {
      alone.service.answer(PartialBatchIT::refuseSome);
      for (int round = 0; round < ROUNDS; round++) {
        List<DocumentChange> batch = table.changes();
        batch.forEach(alone::apply);
        applyInHalves(batch);

        assertThat(fixture.service.documents()).isEqualTo(alone.service.documents());
      }
    }
  }

  private static Optional<Answer> refuseSome(Call call) {
    return call.body().contains("Title: bad") ? Optional.of(Answer.of(422)) : Optional.empty();
  }

  private void applyInHalves(List<DocumentChange> batch) {
    try {
      fixture.sink.apply(batch);
    } catch (RejectedException e) {
      int middle = batch.size() / 2;
      applyInHalves(batch.subList(0, middle));
      applyInHalves(batch.subList(middle, batch.size()));
    }
  }

  private void applyUntilItSucceeds(int allowed, List<DocumentChange> batch) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      // Rows that swap their keys have to be taken together.
      allowance.set(allowed + attempt / 10);
      try {
        fixture.sink.apply(batch);
        return;
      } catch (UnavailableException e) {
        assertThat(e).hasMessageContaining("429");
      }
    }
    throw new AssertionError("no progress in " + MOST_ATTEMPTS + " attempts");
  }

  private void limitRequests() {
    fixture.service.answer(
        call -> allowance.getAndDecrement() > 0 ? Optional.empty() : Optional.of(Answer.of(429)));
  }

  private static List<DocumentChange> upserts(long firstLsn) {
    return IntStream.range(0, BATCH)
        .mapToObj(i -> upsert(Integer.toString(i), "title " + i, firstLsn + i))
        .toList();
  }

  private String text(String id) {
    return fixture.service.document(id).at("/metadata/text").asText();
  }
}
