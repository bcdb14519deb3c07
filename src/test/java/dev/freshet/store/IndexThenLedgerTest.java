package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentId;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.freshet.support.InMemoryLedger;
import dev.freshet.support.StoreAsIndex;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index and a ledger that nothing joins but the order in which they are written. */
class IndexThenLedgerTest implements StoreUnderTest {

  private static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  @TempDir Path folder;
  private final InMemoryLedger ledger = new InMemoryLedger();
  private IndexThenLedger store;

  @BeforeEach
  void open() {
    store = new IndexThenLedger(new StoreAsIndex(LuceneIndexStore.open(folder, SPACE)), ledger);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  public Store store() {
    return store;
  }

  private List<String> found() {
    return nearest(1, 0, 0).stream().map(Hit::text).toList();
  }

  /** What a crash between the two leaves. */
  private void crash(StoreUpdate update) {
    ledger.failCommits();
    assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> store.commit(update));
    ledger.takeCommits();
  }

  @Test
  void theIndexIsWrittenFirstAndTheSameUpdateAgainSetsTheLedgerRight() {
    commit(writing(ONE, 1).segment("old", 1, 0, 0));
    var next = update(writing(ONE, 2).over(1).segment("new", 1, 0, 0));
    crash(next);
    assertThat(found()).containsExactly("new");
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(1));

    commit(next);
    assertThat(found()).containsExactly("new");
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(2));
  }

  @Test
  void whatTheIndexHasAfterACrashKeepsItsVectors() {
    commit(writing(ONE, 1).segment("old", 1, 0, 0));
    crash(update(writing(ONE, 2).over(1).segment("new", 1, 0, 0)));
    assertThat(segments(ONE)).containsExactly(StoreFixtures.segmentId(ONE, "new"));

    commit(writing(ONE, 2).over(1).kept("new"));
    assertThat(found()).containsExactly("new");
  }

  @Test
  void aDeletionThatWasCutOffIsDoneWhenItComesAgain() {
    commit(writing(ONE, 1).segment("gone", 1, 0, 0));
    var deletion = update(writing(ONE, 2).over(1).deleted());
    crash(deletion);
    commit(deletion);
    assertThat(found()).isEmpty();
    assertThat(stored(ONE).orElseThrow().state().deleted()).isTrue();
  }

  @Test
  void aTruncationRemovesWhatTheLedgerSaysThatItSupersedes() {
    commit(
        writing(ONE, 1).segment("older", 1, 0, 0),
        writing(TWO, 9).segment("newer", 1, 0, 0),
        writing(DocumentId.of(StoreFixtures.ARTICLES, "1"), 1).segment("other", 0, 1, 0));
    var truncation = truncation(PRODUCTS, at(5));
    crash(truncation);
    commit(truncation);
    assertThat(found()).containsExactly("newer", "other");
    assertThat(ledger.documentsOf(PRODUCTS)).containsExactly(TWO);
  }

  @Test
  void whatIsDecidedOnAnotherRevisionChangesNeither() {
    commit(writing(ONE, 1).segment("old", 1, 0, 0));
    refused(
        update(
            writing(ONE, 2).segment("new", 1, 0, 0),
            writing(product(3), 1).segment("beside", 1, 0, 0)));
    assertThat(found()).containsExactly("old");
    assertThat(stored(product(3))).isEmpty();
  }
}
