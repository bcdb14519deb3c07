package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Past;
import dev.freshet.document.Version.Present;
import dev.freshet.ledger.DocumentFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a store remembers of documents whose newest change was dead-lettered. */
interface FailureContract extends LedgerUnderTest {

  private static DocumentFailure failure(DocumentId id, Position position) {
    return new DocumentFailure(
        id, position, RejectionReason.MISSING_COLUMN, "no column 'é'", NOW.plusMillis(7));
  }

  private void failed(DocumentId id, long lsn) {
    ledger().failures().record(failure(id, at(lsn)));
  }

  private List<Position> failedAt(DocumentId id) {
    return ledger().failures().failureOf(id).map(DocumentFailure::position).stream().toList();
  }

  @Test
  default void aFailureComesBackExactly() {
    DocumentId id = new DocumentId(PRODUCTS, List.of("a,b", "c\\"));
    ledger().failures().record(failure(id, new ArrivalPosition(12)));

    assertThat(ledger().failures().failureOf(id)).contains(failure(id, new ArrivalPosition(12)));
    assertThat(failedAt(ONE)).isEmpty();
    assertThat(stored(id)).isEmpty();
    assertThat(ledger().documentsOf(PRODUCTS)).isEmpty();
  }

  @Test
  default void theNewestFailureOfADocumentIsTheOneThatCounts() {
    failed(ONE, 5);
    failed(ONE, 3);
    assertThat(failedAt(ONE)).containsExactly(at(5));

    failed(ONE, 6);
    assertThat(failedAt(ONE)).containsExactly(at(6));
  }

  @Test
  default void theSameChangeMayFailAgainForAnotherReason() {
    failed(ONE, 5);
    var again =
        new DocumentFailure(ONE, at(5), RejectionReason.REFUSED_BY_SINK, "no", NOW.plusSeconds(1));

    ledger().failures().record(again);

    assertThat(ledger().failures().failureOf(ONE)).contains(again);
  }

  @Test
  default void theSameVersionOrANewerOneHealsItAndAnOlderOneDoesNot() {
    DocumentId three = StoreFixtures.product(3);
    failed(ONE, 5);
    failed(TWO, 5);
    failed(three, 5);

    commit(writing(ONE, 4), writing(TWO, 5), writing(three, 6).deleted());

    assertThat(failedAt(ONE)).containsExactly(at(5));
    assertThat(failedAt(TWO)).isEmpty();
    assertThat(failedAt(three)).isEmpty();
  }

  @Test
  default void aHealedFailureIsForgottenAndNotOnlyHidden() {
    failed(ONE, 5);
    commit(writing(ONE, 6).deleted());
    ledger().forgetTombstones(NOW.plusSeconds(60));

    assertThat(stored(ONE)).isEmpty();
    assertThat(failedAt(ONE)).isEmpty();
  }

  @Test
  default void aVersionThatLacksValuesHealsNothingUntilTheyArrive() {
    var lacking = new Present(at(5), Map.of(), Set.of("body"), null);
    var past = Past.forgottenBefore(at(5));
    commit(writing(ONE, new DocumentState(ONE, StoreFixtures.origin(at(5)), lacking, past)));
    failed(ONE, 5);
    assertThat(failedAt(ONE)).containsExactly(at(5));

    commit(writing(ONE, 5).over(1));

    assertThat(failedAt(ONE)).isEmpty();
  }

  @Test
  default void aFailureThatIsOlderThanWhatIsStoredIsNotRecorded() {
    commit(writing(ONE, 5), writing(TWO, 5).deleted());

    failed(ONE, 5);
    failed(ONE, 4);
    failed(TWO, 4);
    assertThat(failedAt(ONE)).isEmpty();
    ledger().forgetTombstones(NOW.plusSeconds(60));
    assertThat(failedAt(TWO)).isEmpty();

    failed(ONE, 6);
    assertThat(failedAt(ONE)).containsExactly(at(6));
  }

  @Test
  default void aTruncationHealsWhatItSupersedesInItsOwnTable() {
    DocumentId article = DocumentId.of(ARTICLES, "1");
    failed(ONE, 4);
    failed(TWO, 6);
    failed(article, 4);

    commit(truncation(PRODUCTS, at(5)));

    assertThat(failedAt(ONE)).isEmpty();
    assertThat(failedAt(TWO)).containsExactly(at(6));
    assertThat(failedAt(article)).containsExactly(at(4));
    failed(ONE, 5);
    assertThat(failedAt(ONE)).isEmpty();
  }

  @Test
  default void anUpdateThatIsRefusedHealsNothing() throws Exception {
    commit(writing(ONE, 1));
    failed(ONE, 5);

    refused(StoreFixtures.update(writing(ONE, 6).over(7)));

    assertThat(failedAt(ONE)).containsExactly(at(5));
  }

  private void failed(DocumentId id, long lsn, int seconds) {
    ledger()
        .failures()
        .record(
            new DocumentFailure(
                id, at(lsn), RejectionReason.MISSING_KEY, "no key", NOW.plusSeconds(seconds)));
  }

  private List<DocumentId> newest(int limit) {
    return ledger().failures().newest(limit).stream().map(DocumentFailure::id).toList();
  }

  @Test
  default void theNewestFailuresAreListedNewestFirstAndAllAreCounted() {
    assertThat(newest(10)).isEmpty();
    assertThat(ledger().failures().count()).isZero();
    DocumentId article = DocumentId.of(ARTICLES, "1");
    failed(article, 5, 2);
    failed(ONE, 5, 1);
    failed(TWO, 5, 3);
    failed(ONE, 6, 4);

    assertThat(newest(10)).containsExactly(ONE, TWO, article);
    assertThat(newest(2)).containsExactly(ONE, TWO);
    assertThat(ledger().failures().newest(1).get(0).position()).isEqualTo(at(6));
    assertThat(ledger().failures().count()).isEqualTo(3);
  }

  @Test
  default void whatIsHealedOrForgottenIsNeitherListedNorCounted() {
    failed(ONE, 5, 1);
    failed(TWO, 5, 2);
    commit(writing(ONE, 5), writing(TWO, 4));
    assertThat(newest(10)).containsExactly(TWO);
    assertThat(ledger().failures().count()).isEqualTo(1);

    ledger().failures().forget(TWO, at(5));
    assertThat(newest(10)).isEmpty();
    assertThat(ledger().failures().count()).isZero();
  }

  @Test
  default void aFailureIsForgottenByItsPosition() {
    failed(ONE, 5);
    failed(TWO, 5);

    ledger().failures().forget(ONE, at(4));
    assertThat(failedAt(ONE)).containsExactly(at(5));

    ledger().failures().forget(ONE, at(5));
    ledger().failures().forget(ONE, at(5));
    assertThat(failedAt(ONE)).isEmpty();
    assertThat(failedAt(TWO)).containsExactly(at(5));
  }
}
