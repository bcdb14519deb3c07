package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.TableCoverage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a store says of its tables. */
interface CoverageContract extends LedgerUnderTest {

  Instant INDEXED = NOW.plusMillis(20);

  private static Origin committed(long lsn, Instant at) {
    return new Origin(at(lsn), null, at, null, NOW);
  }

  @Test
  default void nothingStoredCoversNoTable() {
    assertThat(ledger().coverage()).isEmpty();
  }

  @Test
  default void eachTableIsCountedForItself() {
    DocumentId article = DocumentId.of(ARTICLES, "1");
    commit(
        writing(ONE, 1)
            .from(committed(1, NOW.minusSeconds(3)))
            .segment("a", 1, 0, 0)
            .segment("b", 0, 1, 0),
        writing(TWO, 2).from(committed(2, NOW.minusSeconds(9))).segment("c", 1, 0, 0),
        writing(product(3), 3).deleted(),
        writing(article, 4).from(committed(4, null)).segment("d", 1, 0, 0));

    assertThat(ledger().coverage())
        .containsExactly(
            new TableCoverage(ARTICLES, 1, 0, 0, null, INDEXED),
            new TableCoverage(PRODUCTS, 2, 1, 0, NOW.minusSeconds(1), INDEXED));
  }

  @Test
  default void whatIsReplacedOrDeletedIsNotCountedAnyMore() {
    commit(writing(ONE, 1).segment("a", 1, 0, 0).segment("b", 0, 1, 0), writing(TWO, 1));
    commit(writing(ONE, 2).over(1).kept("a"), writing(TWO, 2).over(1).deleted());

    assertThat(ledger().coverage())
        .containsExactly(new TableCoverage(PRODUCTS, 1, 1, 0, NOW.minusSeconds(1), INDEXED));
  }

  @Test
  default void aTableThatWasTruncatedIsStillOne() {
    commit(writing(ONE, 1).segment("a", 1, 0, 0));
    commit(truncation(PRODUCTS, at(5)));

    assertThat(ledger().coverage())
        .containsExactly(new TableCoverage(PRODUCTS, 0, 0, 0, null, null));
  }

  @Test
  default void aTableOfWhichNothingButFailuresIsKnownIsOneToo() {
    commit(writing(ONE, 1));
    for (DocumentId id : new DocumentId[] {ONE, TWO, DocumentId.of(ARTICLES, "1")}) {
      ledger()
          .failures()
          .record(new DocumentFailure(id, at(5), RejectionReason.TOO_LARGE, "too large", NOW));
    }

    assertThat(ledger().coverage())
        .containsExactly(
            new TableCoverage(ARTICLES, 0, 0, 1, null, null),
            new TableCoverage(PRODUCTS, 1, 0, 2, NOW.minusSeconds(1), INDEXED));
  }

  @Test
  default void tablesStandInTheOrderOfTheirNames() {
    for (String name : new String[] {"public.b", "public.B", "public.a_b", "public.ab", "a.z"}) {
      commit(writing(DocumentId.of(TableId.parse(name), "1"), 1));
    }

    assertThat(ledger().coverage())
        .extracting(one -> one.table().toString())
        .containsExactly("a.z", "public.B", "public.a_b", "public.ab", "public.b");
  }
}
