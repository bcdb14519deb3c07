package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.stateWithPast;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StoredDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a ledger tells of what has made documents, and its pages of them. */
interface RenderingContract extends LedgerUnderTest {

  Rendering OLD = new Rendering("0123456789abcdef:all");
  Rendering NEW = new Rendering("fedcba9876543210:all");

  private static List<String> keys(List<StoredDocument> page) {
    return page.stream().map(stored -> stored.state().id().joinedKey()).toList();
  }

  /** All pages, each begun behind the last document of the one before. */
  private static List<String> pages(Function<DocumentId, List<StoredDocument>> pageAfter) {
    var all = new ArrayList<String>();
    List<StoredDocument> page = pageAfter.apply(null);
    while (!page.isEmpty()) {
      all.addAll(keys(page));
      page = pageAfter.apply(page.get(page.size() - 1).state().id());
    }
    return all;
  }

  private static StoreFixtures.Writing made(Object key, Rendering by) {
    return writing(product(key), 1).renderedBy(by.text());
  }

  @Test
  default void aDocumentTellsWhatHasMadeItsNewestVersion() {
    commit(made(1, OLD));
    assertThat(stored(ONE).orElseThrow().renderedBy()).isEqualTo(OLD);
    commit(writing(ONE, 2).over(1).renderedBy(NEW.text()));
    assertThat(stored(ONE).orElseThrow().renderedBy()).isEqualTo(NEW);
    commit(writing(ONE, 3).over(2).deleted());
    assertThat(stored(ONE).orElseThrow().renderedBy()).isEqualTo(Rendering.UNKNOWN);
  }

  @Test
  default void anotherPastChangesNothingOfWhatHasMadeADocument() throws Exception {
    commit(writing(ONE, stateWithPast(ONE)).renderedBy(OLD.text()));
    ledger()
        .commit(LedgerUpdate.ofPasts(List.of(new PastWrite(stateWithPast(ONE).withoutPast(), 1))));

    assertThat(stored(ONE).orElseThrow().renderedBy()).isEqualTo(OLD);
    assertThat(keys(ledger().renderedBy(PRODUCTS, OLD, null, 10))).containsExactly("1");
    assertThat(ledger().renderings(PRODUCTS, Set.of())).isEqualTo(Map.of(OLD, 1L));
  }

  @Test
  default void pagesHaveEachDocumentOnceInTheOrderOfTheIds() {
    var expected = new TreeSet<String>();
    for (int key = 1; key <= 25; key++) {
      commit(made(key, key % 2 == 0 ? OLD : NEW));
      expected.add(String.valueOf(key));
    }
    commit(writing(product(3), 2).over(1).deleted());
    expected.remove("3");
    commit(writing(DocumentId.of(ARTICLES, "1"), 1));
    commit(writing(DocumentId.of(TableId.parse("public.products_old"), "1"), 1));

    assertThat(pages(after -> ledger().page(PRODUCTS, after, 7)))
        .containsExactlyElementsOf(expected);
    assertThat(pages(after -> ledger().page(PRODUCTS, after, 24))).hasSize(24);
    assertThat(ledger().page(PRODUCTS, product(9), 7)).isEmpty();
    assertThat(ledger().page(TableId.parse("public.none"), null, 7)).isEmpty();
  }

  @Test
  default void aPageBeginsBehindADocumentThatIsGone() {
    commit(made("a", OLD), made("b", OLD), made("c", OLD));
    commit(writing(product("b"), 2).over(1).deleted());

    assertThat(keys(ledger().page(PRODUCTS, product("b"), 7))).containsExactly("c");
    assertThat(keys(ledger().page(PRODUCTS, product("aa"), 7))).containsExactly("c");
  }

  @Test
  default void keysOfAnyKindAreInOnePage() {
    List<String> keys =
        List.of("ä", "Z", "a", "é,\\", "日本", "", "a/b", "x".repeat(1_500) + "1", "x".repeat(1_500));
    for (String key : keys) {
      commit(writing(new DocumentId(PRODUCTS, List.of(key)), 1).renderedBy(OLD.text()));
    }
    Function<DocumentId, List<StoredDocument>> all = after -> ledger().page(PRODUCTS, after, 2);
    Function<DocumentId, List<StoredDocument>> old =
        after -> ledger().renderedBy(PRODUCTS, OLD, after, 2);

    assertThat(pages(all))
        .containsExactlyInAnyOrderElementsOf(
            keys.stream().map(key -> new DocumentId(PRODUCTS, List.of(key)).joinedKey()).toList())
        .isEqualTo(pages(old));
  }

  @Test
  default void aPageHasTheColumns() {
    commit(writing(ONE, 1).column("title", TextNode.valueOf("Tent"), at(1)));
    assertThat(ledger().page(PRODUCTS, null, 1))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.revision()).isEqualTo(1);
              assertThat(one.state().origin()).isEqualTo(origin(at(1)));
              assertThat(one.state().columns().get("title").value().asText()).isEqualTo("Tent");
            });
  }

  @Test
  default void pagesOfLargeDocumentsAreShort() {
    String large = "x".repeat(3_000_000);
    for (int key = 1; key <= 3; key++) {
      commit(writing(product(key), 1).column("body", TextNode.valueOf(large), at(1)));
    }
    assertThat(keys(ledger().page(PRODUCTS, null, 100))).hasSize(2);
    assertThat(pages(after -> ledger().page(PRODUCTS, after, 100))).containsExactly("1", "2", "3");
  }

  @Test
  default void documentsAreFoundAndCountedByWhatHasMadeThem() {
    commit(made(1, OLD), made(2, NEW), made(3, OLD), made(4, NEW), made(5, NEW), made(6, OLD));
    commit(writing(product(5), 2).over(1).renderedBy(OLD.text()));
    commit(writing(product(6), 2).over(1).deleted());
    commit(writing(DocumentId.of(ARTICLES, "1"), 1).renderedBy(OLD.text()));

    assertThat(keys(ledger().renderedBy(PRODUCTS, OLD, null, 2))).containsExactly("1", "3");
    assertThat(keys(ledger().renderedBy(PRODUCTS, OLD, product(3), 2))).containsExactly("5");
    assertThat(keys(ledger().renderedBy(PRODUCTS, NEW, null, 9))).containsExactly("2", "4");
    assertThat(ledger().renderings(PRODUCTS, Set.of())).isEqualTo(Map.of(OLD, 3L, NEW, 2L));
    assertThat(ledger().renderings(PRODUCTS, Set.of(NEW))).isEqualTo(Map.of(OLD, 3L));
    assertThat(ledger().renderings(PRODUCTS, Set.of(NEW, OLD))).isEmpty();

    commit(truncation(PRODUCTS, at(9)));
    assertThat(ledger().renderings(PRODUCTS, Set.of())).isEmpty();
    assertThat(ledger().page(PRODUCTS, null, 9)).isEmpty();
  }

  /** It is as a document of an earlier Freshet. */
  @Test
  default void aDocumentThatDoesNotSayIsFoundAsSuch() {
    commit(made(1, OLD), made(2, Rendering.UNKNOWN), made(3, Rendering.UNKNOWN));
    commit(writing(product(3), 2).over(1).renderedBy(OLD.text()));

    assertThat(keys(ledger().renderedBy(PRODUCTS, Rendering.UNKNOWN, null, 9)))
        .containsExactly("2");
    assertThat(ledger().renderings(PRODUCTS, Set.of()))
        .isEqualTo(Map.of(OLD, 2L, Rendering.UNKNOWN, 1L));
    assertThat(ledger().renderings(PRODUCTS, Set.of(OLD))).isEqualTo(Map.of(Rendering.UNKNOWN, 1L));
  }

  /** Nothing was made of it yet, so no mapping is to blame. */
  @Test
  default void aDocumentThatWaitsForValuesIsOfNoRendering() throws ConcurrentUpdateException {
    var waiting = stateWithPast(ONE);
    ledger()
        .commit(
            LedgerUpdate.of(
                List.of(
                    new DocumentWrite(waiting, 0, "", "", Rendering.UNKNOWN, NOW, null, null))));

    assertThat(waiting.complete()).isFalse();
    assertThat(keys(ledger().page(PRODUCTS, null, 9))).containsExactly("1");
    assertThat(ledger().renderedBy(PRODUCTS, Rendering.UNKNOWN, null, 9)).isEmpty();
    assertThat(ledger().renderings(PRODUCTS, Set.of())).isEmpty();
  }

  @Test
  default void aTableHasSomeRenderingsInItsLife() {
    List<Rendering> former =
        IntStream.range(0, 5).mapToObj(i -> new Rendering("r" + i + ":all")).toList();
    for (int key = 0; key < 10; key++) {
      commit(made(key, former.get(key % 5)));
    }
    assertThat(ledger().renderings(PRODUCTS, Set.of(former.get(2))))
        .hasSize(4)
        .containsEntry(former.get(4), 2L)
        .doesNotContainKey(former.get(2));
  }
}
