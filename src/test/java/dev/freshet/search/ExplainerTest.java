package dev.freshet.search;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.RejectionReason;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Past;
import dev.freshet.document.Version.Present;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.store.StoreUpdate;
import dev.freshet.support.InMemoryLedger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplainerTest {

  private static final DocumentId ONE = product(1);
  private static final Explanation RANKED = Explanation.of(Verdict.FOUND, "found");

  private final InMemoryLedger ledger = new InMemoryLedger();
  private int looks;
  private Runnable whileItLooks = () -> {};

  private final SearchEngine engine =
      new SearchEngine() {
        @Override
        public List<Hit> search(SearchQuery query) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Explanation explain(DocumentId document, SearchQuery query) {
          looks++;
          whileItLooks.run();
          return RANKED;
        }
      };

  private Explanation explain(SearchScope scope) throws UnsupportedSearchException {
    return new Explainer(ledger, engine)
        .explain(ONE, new SearchQuery("fox", SearchMode.VECTOR, scope, 0, false));
  }

  private Explanation explain() throws UnsupportedSearchException {
    return explain(SearchScope.everything(10));
  }

  private void fail(long lsn) {
    ledger
        .failures()
        .record(
            new DocumentFailure(
                ONE, at(lsn), RejectionReason.MISSING_COLUMN, "no column 'title'", NOW));
  }

  @Test
  void aDocumentOfWhichNoChangeCameIsUnknown() throws Exception {
    assertThat(explain())
        .isEqualTo(
            Explanation.of(
                Verdict.UNKNOWN, "No change of the document was ever applied to the index."));
    assertThat(explain().state()).isEqualTo("unknown");
    assertThat(looks).isZero();
  }

  @Test
  void aDocumentThatLacksValuesIsPendingAndNamesThem() throws Exception {
    var row = new Present(at(5), Map.of(), Set.of("text", "body"), null);
    var state = new DocumentState(ONE, origin(at(5)), row, Past.NONE);
    commit(update(writing(ONE, state)));

    assertThat(explain().verdict()).isEqualTo(Verdict.PENDING);
    assertThat(explain().state()).isEqualTo("pending");
    assertThat(explain().reason())
        .contains("LSN 0/5, committed at 2026-11-20T17:22:54.711375Z", "body, text");
  }

  @Test
  void aDocumentWhoseNewestChangeIsADeadLetterSaysWhyAndWhatIsStillThere() throws Exception {
    fail(5);
    assertThat(explain().verdict()).isEqualTo(Verdict.FAILED);
    assertThat(explain().reason())
        .isEqualTo(
            "Its newest change, at LSN 0/5, was dead-lettered at 2026-11-20T17:22:55.711375Z"
                + " (missing-column: no column 'title'), and no older version of it is"
                + " searchable.");

    commit(update(writing(ONE, 4)));
    assertThat(explain().reason()).endsWith("only an older version of it is searchable.");

    commit(update(writing(ONE, 5).over(1)));
    assertThat(explain()).isEqualTo(RANKED);
  }

  @Test
  void aDeletedDocumentSaysWhichChangeDeletedIt() throws Exception {
    commit(update(writing(ONE, 5).deleted()));

    assertThat(explain().verdict()).isEqualTo(Verdict.DELETED);
    assertThat(explain().reason()).contains("LSN 0/5, committed at");
  }

  @Test
  void aDocumentWhoseTableWasTruncatedIsDeleted() throws Exception {
    commit(truncation(PRODUCTS, at(7)));

    assertThat(explain().verdict()).isEqualTo(Verdict.DELETED);
    assertThat(explain().reason()).contains("public.products was truncated at LSN 0/7");
  }

  @Test
  void aSearchInAnotherTableCannotFindIt() throws Exception {
    commit(update(writing(ONE, 5)));

    assertThat(explain(new SearchScope(10, ARTICLES, null)).verdict())
        .isEqualTo(Verdict.OTHER_TABLE);
    assertThat(explain(new SearchScope(10, PRODUCTS, null))).isEqualTo(RANKED);
    assertThat(looks).isEqualTo(1);
  }

  @Test
  void whatTheLedgerDoesNotDecideNeedsASearchEngine() throws Exception {
    var query = new SearchQuery("fox", SearchMode.VECTOR, SearchScope.everything(1), 0, false);
    var explainer = new Explainer(ledger, null);
    assertThat(explainer.explain(ONE, query).verdict()).isEqualTo(Verdict.UNKNOWN);
    commit(update(writing(ONE, 5)));

    assertThatThrownBy(() -> explainer.explain(ONE, query))
        .isInstanceOf(UnsupportedSearchException.class);
  }

  @Test
  void aDocumentThatChangesMeanwhileIsLookedAtAgain() throws Exception {
    commit(update(writing(ONE, 5)));
    whileItLooks = () -> commit(update(writing(ONE, 6).over(1).deleted()));

    assertThat(explain().verdict()).isEqualTo(Verdict.DELETED);
    assertThat(looks).isEqualTo(1);
  }

  @Test
  void aDocumentThatNeverStopsChangingIsExplainedAllTheSame() throws Exception {
    commit(update(writing(ONE, 5)));
    whileItLooks = () -> commit(update(writing(ONE, 5 + looks).over(looks)));

    assertThat(explain()).isEqualTo(RANKED);
    assertThat(looks).isEqualTo(3);
  }

  private void commit(StoreUpdate update) {
    try {
      ledger.commit(update.ledger());
    } catch (ConcurrentUpdateException e) {
      throw new AssertionError(e);
    }
  }
}
