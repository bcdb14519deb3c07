package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.stateWithPast;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store makes of an index that version 0.1 wrote. */
public abstract class EarlierIndexContract implements StoreUnderTest {

  protected static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  private static final TableId REVIEWS = TableId.parse("public.reviews");

  private IndexStore store;

  /** Opens the index that version 0.1 left. */
  protected abstract IndexStore openEarlier() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = openEarlier();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Override
  public IndexStore store() {
    return store;
  }

  @Test
  void whatItRemembersIsThere() {
    assertThat(stored(product(6)).orElseThrow().state()).isEqualTo(stateWithPast(product(6)));
    assertThat(stored(product(5)).orElseThrow().state().deleted()).isTrue();
    assertThat(store.read(Set.of(), Set.of(REVIEWS)).truncations()).containsEntry(REVIEWS, at(8));
    assertThat(store.failures().failureOf(product(1))).isPresent();
    assertThat(store.watermarks().watermark(0)).isPresent();
  }

  @Test
  void itsVectorsAreFound() {
    assertThat(nearest(0, 1, 0))
        .hasSize(8)
        .first()
        .extracting(Hit::documentId)
        .isEqualTo(product(2));
  }

  @Test
  void itsMetadataIsRead() {
    assertThat(metadata(DocumentId.of(StoreFixtures.ARTICLES, "a,b")).get("n").asDouble())
        .isEqualTo(1.5);
  }

  @Test
  void itsMetadataIsFiltered() {
    var scope = new SearchScope(10, null, new FilterExpressionParser().parse("n < 1.51"));
    assertThat(store.findNearest(NORTH, scope, true))
        .extracting(Hit::documentId)
        .containsExactly(DocumentId.of(StoreFixtures.ARTICLES, "a,b"));
  }

  @Test
  void itsWordsAreFoundByTheAnalysisOfToday() {
    for (String word : List.of("東京", "แคมป์", "cafe", "2332", "4p", "user", "DS-7604NI")) {
      assertThat(store.findMatching(word, SearchScope.everything(10))).as(word).hasSize(1);
    }
    assertThat(store.findMatching("lanterns", SearchScope.everything(10))).hasSize(2);
  }
}
