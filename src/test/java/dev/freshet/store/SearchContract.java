package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a search finds, and what it says of it. */
interface SearchContract extends StoreUnderTest {

  @Test
  default void theNearestComesFirstWithLangChainsScore() throws Exception {
    store()
        .commit(
            update(
                writing(ONE, 1).segment("opposite", -1, 0, 0),
                writing(TWO, 1).segment("right angle", 0, 1, 0).segment("same", 2, 0, 0)));
    for (boolean exact : List.of(true, false)) {
      List<Hit> hits =
          index()
              .findNearest(Embedding.from(new float[] {1, 0, 0}), SearchScope.everything(3), exact);
      assertThat(hits).extracting(Hit::text).containsExactly("same", "right angle", "opposite");
      assertThat(hits.get(0).score()).isCloseTo(1, within(1e-5));
      assertThat(hits.get(1).score()).isCloseTo(0.5, within(1e-5));
      assertThat(hits.get(2).score()).isCloseTo(0, within(1e-5));
    }
    assertThat(
            index()
                .findNearest(
                    Embedding.from(new float[] {1, 0, 0}), SearchScope.everything(1), false))
        .hasSize(1);
  }

  @Test
  default void aHitSaysWhereItComesFrom() throws Exception {
    DocumentId composite =
        new DocumentId(TableId.parse("public.order_lines"), List.of("a,b", "c\\d"));
    store().commit(update(writing(composite, 9).metadata("n", 1.5).segment("text", 1, 0, 0)));
    assertThat(nearest(1, 0, 0))
        .singleElement()
        .satisfies(
            hit -> {
              assertThat(hit.documentId()).isEqualTo(composite);
              assertThat(hit.ordinal()).isZero();
              assertThat(hit.origin()).isEqualTo(origin(at(9)));
              assertThat(hit.indexedAt()).isEqualTo(NOW.plusMillis(20));
              assertThat(hit.metadata()).as("read by another call").isNull();
            });
    assertThat(metadata(composite).toString()).isEqualTo("{\"n\":1.5}");
  }

  @Test
  default void aTableScopeFindsNothingElse() throws Exception {
    store()
        .commit(
            update(
                writing(ONE, 1).segment("a word", 1, 0, 0),
                writing(DocumentId.of(ARTICLES, "1"), 1).segment("a word", 1, 0, 0)));
    var scope = new SearchScope(10, ARTICLES, null);
    assertThat(index().findNearest(Embedding.from(new float[] {1, 0, 0}), scope, false))
        .extracting(hit -> hit.documentId().table())
        .containsExactly(ARTICLES);
    assertThat(index().findMatching("word", scope))
        .extracting(hit -> hit.documentId().table())
        .containsExactly(ARTICLES);
  }

  @Test
  default void anyWordMatchesAndMoreWordsMatchBetter() throws Exception {
    store()
        .commit(
            update(
                writing(ONE, 1).segment("A red fox", 1, 0, 0),
                writing(TWO, 1).segment("A red fox jumps over a dog", 1, 0, 0),
                writing(product(3), 1).segment("Nothing of it", 1, 0, 0)));
    List<Hit> hits = index().findMatching("fox DOG jumps", SearchScope.everything(10));
    assertThat(hits).extracting(Hit::documentId).containsExactly(TWO, ONE);
    assertThat(hits).extracting(Hit::score).allMatch(score -> score > 0);
    for (String nothing : List.of("cat", "", "?! ...", "'", "& | !", "\0")) {
      assertThat(index().findMatching(nothing, SearchScope.everything(10))).isEmpty();
    }
    for (String hostile : List.of("fox:*", "!fox", "fox' OR 1=1 --", "(fox", "fox\\", "\"fox")) {
      assertThat(index().findMatching(hostile, SearchScope.everything(10)))
          .as(hostile)
          .extracting(Hit::documentId)
          .contains(ONE, TWO);
    }
  }
}
