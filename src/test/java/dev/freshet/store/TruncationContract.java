package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.index.Hit;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.TableTruncation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a truncated table leaves behind. */
interface TruncationContract extends StoreUnderTest {

  @Test
  default void aTruncationDeletesExactlyWhatItSupersedes() throws Exception {
    DocumentId article = DocumentId.of(ARTICLES, "1");
    store()
        .commit(
            update(
                writing(ONE, 4).segment("older", 1, 0, 0),
                writing(TWO, 6).segment("newer", 1, 0, 0),
                writing(product(3), 1)
                    .from(origin(new ArrivalPosition(1)))
                    .segment("arrived", 1, 0, 0),
                writing(article, 1).segment("other table", 1, 0, 0)));
    store().commit(truncation(PRODUCTS, at(5)));
    assertThat(nearest(1, 0, 0))
        .extracting(Hit::text)
        .containsExactlyInAnyOrder("newer", "other table");
    assertThat(stored(ONE)).isEmpty();
    assertThat(ledger().documentsOf(PRODUCTS)).containsExactly(TWO);
    assertThat(ledger().read(Set.of(), Set.of(PRODUCTS, ARTICLES)).truncations())
        .containsOnlyKeys(PRODUCTS)
        .containsValue(at(5));
  }

  @Test
  default void anOlderTruncationDoesNotReplaceANewerOne() throws Exception {
    store().commit(truncation(PRODUCTS, at(5)));
    store().commit(truncation(PRODUCTS, at(3)));
    assertThat(ledger().read(Set.of(), Set.of(PRODUCTS)).truncations()).containsValue(at(5));
  }

  @Test
  default void whatIsWrittenInTheTruncationsUpdateStays() throws Exception {
    store().commit(update(writing(ONE, 1).segment("old", 1, 0, 0)));
    store()
        .commit(
            truncation(
                PRODUCTS,
                at(5),
                writing(ONE, 6).over(1).segment("new", 1, 0, 0),
                writing(TWO, 7).segment("two", 0, 1, 0)));
    assertThat(nearest(1, 0, 0)).extracting(Hit::text).containsExactly("new", "two");
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(6));
    assertThat(stored(ONE).orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  default void aWriteThatDoesNotSupersedeTheTruncationIsRefused() throws Exception {
    store().commit(truncation(PRODUCTS, at(5)));
    refused(update(writing(ONE, 4)));
    store().commit(update(writing(ONE, 6)));
  }

  @Test
  default void aDocumentThatGetsAnotherPastBesideATruncationKeepsItsSegments() throws Exception {
    // Between positions of different kinds each supersedes the other.
    var arrived = new ArrivalPosition(7);
    store().commit(update(writing(ONE, 1).from(origin(arrived)).segment("one", 1, 0, 0)));
    DocumentState state = stored(ONE).orElseThrow().state();
    store()
        .commit(
            new StoreUpdate(
                new LedgerUpdate(
                    List.of(new TableTruncation(PRODUCTS, at(5))),
                    List.of(),
                    List.of(new PastWrite(state.withoutPast(), 1))),
                List.of()));
    assertThat(nearest(1, 0, 0)).extracting(Hit::text).containsExactly("one");
    store().commit(update(writing(ONE, 9).over(2).kept("one")));
    assertThat(nearest(1, 0, 0)).hasSize(1);
  }
}
