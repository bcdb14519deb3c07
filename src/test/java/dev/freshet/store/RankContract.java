package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What tells where a document stands in a search, however far down. */
interface RankContract extends StoreUnderTest {

  SearchScope ALL = SearchScope.everything(2);
  DocumentId ARTICLE = DocumentId.of(ARTICLES, "1");

  private Optional<Hit> nearestOf(DocumentId id, SearchScope scope) {
    return index().findNearest(NORTH, scope.bestOf(id), true).stream().findFirst();
  }

  private Optional<Hit> matchOf(DocumentId id, String text, SearchScope scope) {
    return index().findMatching(text, scope.bestOf(id)).stream().findFirst();
  }

  private void commitFan() {
    for (int key = 1; key <= 20; key++) {
      commit(
          writing(product(key), 1)
              .metadata("even", key % 2 == 0 ? "yes" : "no")
              .segment("far " + key, -1, 0, key)
              .segment("near " + key, 1, key / 10f, 0));
    }
    commit(writing(ARTICLE, 1).segment("first", 1, 0, 0));
  }

  @Test
  default void theBestSegmentOfADocumentIsFoundHoweverFarDownItStands() {
    commitFan();

    Hit best = nearestOf(product(20), ALL).orElseThrow();

    assertThat(best.documentId()).isEqualTo(product(20));
    assertThat(best.ordinal()).isEqualTo(1);
    assertThat(nearestOf(product(21), ALL)).isEmpty();
    assertThat(nearestOf(product(20), new SearchScope(2, ARTICLES, null))).isEmpty();
    var even = new SearchScope(2, null, new FilterExpressionParser().parse("even = yes"));
    assertThat(nearestOf(product(20), even)).contains(best);
    assertThat(nearestOf(product(19), even)).isEmpty();
  }

  @Test
  default void itsRankIsCountedWithoutLookingAtWhatIsThere() {
    commitFan();
    double score = nearestOf(product(20), ALL).orElseThrow().score();

    assertThat(index().countNearer(NORTH, ALL, score)).isEqualTo(20);
    assertThat(index().countNearer(NORTH, new SearchScope(1, product(1).table(), null), score))
        .isEqualTo(19);
    assertThat(
            index()
                .countNearer(
                    NORTH,
                    new SearchScope(1, null, new FilterExpressionParser().parse("even = yes")),
                    score))
        .isEqualTo(9);
    assertThat(index().countNearer(NORTH, ALL, -1)).isEqualTo(41);
    assertThat(index().countNearer(NORTH, ALL, 1)).isZero();
  }

  /** Where the count and the search made their scores in two ways, the ranks would be wrong. */
  @Test
  default void theCountAgreesWithThePlaceInASearchOfEverything() {
    commitFan();
    List<Hit> all = index().findNearest(NORTH, SearchScope.everything(100), true);

    for (int place = 0; place < all.size(); place++) {
      assertThat(index().countNearer(NORTH, ALL, all.get(place).score()))
          .as("%s", all.get(place).text())
          .isEqualTo(place);
    }
  }

  @Test
  default void aDocumentOfEqualScoreIsNotNearer() {
    commit(
        writing(ONE, 1).segment("one", 3, 1, 0),
        writing(TWO, 1).segment("two", 3, 1, 0),
        writing(product(3), 1).segment("three", 6, 2, 0));

    assertThat(index().countNearer(NORTH, ALL, nearestOf(ONE, ALL).orElseThrow().score())).isZero();
  }

  @Test
  default void theSameIsToldOfWords() {
    for (int key = 1; key <= 9; key++) {
      commit(
          writing(product(key), 1)
              .metadata("even", key % 2 == 0 ? "yes" : "no")
              .segment("fox" + " and more".repeat(key), 1, 0, 0));
    }
    commit(writing(ARTICLE, 1).segment("a dog", 1, 0, 0));
    List<Hit> all = index().findMatching("fox", SearchScope.everything(100));
    assertThat(all).hasSize(9);

    for (int place = 0; place < all.size(); place++) {
      Hit best = matchOf(all.get(place).documentId(), "fox", ALL).orElseThrow();
      assertThat(best).isEqualTo(all.get(place));
      assertThat(index().countMatchingBetter("fox", ALL, best.score())).isEqualTo(place);
    }
    assertThat(matchOf(ARTICLE, "fox", ALL)).isEmpty();
    var even = new SearchScope(2, null, new FilterExpressionParser().parse("even = yes"));
    assertThat(matchOf(product(9), "fox", even)).isEmpty();
    assertThat(index().countMatchingBetter("fox", even, all.get(8).score())).isEqualTo(4);
    assertThat(index().countMatchingBetter("?!", ALL, 0)).isZero();
  }
}
