package dev.freshet.search.local;

import static dev.freshet.search.local.Hits.hit;
import static dev.freshet.search.local.Hits.hits;
import static dev.freshet.search.local.Hits.keys;
import static dev.freshet.search.local.Hits.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.embedding.QueryEmbedder;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.support.FakeIndex;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalSearchEngineTest {

  private static final SearchScope SCOPE =
      new SearchScope(
          5,
          new TableId("public", "products"),
          new FilterExpressionParser().parse("category = books"));

  private final FakeIndex index = new FakeIndex();
  private final EmbeddingModel model =
      segments ->
          Response.from(
              segments.stream()
                  .map(segment -> Embedding.from(new float[] {segment.text().length()}))
                  .toList());
  private final LocalSearchEngine engine =
      new LocalSearchEngine(index, new QueryEmbedder(model, String::length, 2));

  private static SearchQuery query(SearchMode mode, double minScore) {
    return new SearchQuery("mouse", mode, SCOPE, minScore, true);
  }

  @Test
  void aVectorSearchAsksForTheQuerysVector() {
    index.nearest = hits("a", "b");

    assertThat(keys(engine.search(query(SearchMode.VECTOR, 0)))).containsExactly("a", "b");
    assertThat(index.embedding).isEqualTo(Embedding.from(new float[] {5}));
    assertThat(index.nearestScope).isEqualTo(SCOPE);
    assertThat(index.exact).isTrue();
    assertThat(index.matchingScope).isNull();
  }

  @Test
  void aDocumentThatChangesBeforeItsMetadataIsReadIsLookedUpAgain() {
    index.nearest = hits("a", "b");
    index.staleReads = 1;

    List<Hit> found = engine.search(query(SearchMode.VECTOR, 0));

    assertThat(found).extracting(Hit::metadata).doesNotContainNull();
    assertThat(index.metadataReads).isEqualTo(4);
  }

  @Test
  void aDocumentThatChangesAllTheTimeIsAnsweredAllTheSame() {
    index.nearest = hits("a");
    index.staleReads = 100;

    assertThat(engine.search(query(SearchMode.VECTOR, 0))).hasSize(1);
    assertThat(index.metadataReads).isEqualTo(3);
  }

  @Test
  void aKeywordSearchEmbedsNothing() {
    index.matching = hits("a", "b");

    assertThat(keys(engine.search(query(SearchMode.KEYWORD, 0)))).containsExactly("a", "b");
    assertThat(index.text).isEqualTo("mouse");
    assertThat(index.matchingScope).isEqualTo(SCOPE);
    assertThat(index.embedding).isNull();
  }

  @Test
  void aHybridSearchFindsWhatIsDeepInBothRankings() {
    index.nearest =
        List.of(numbered("v", 99), hits("both")).stream().flatMap(List::stream).toList();
    index.matching =
        List.of(numbered("w", 99), hits("both")).stream().flatMap(List::stream).toList();

    var found = engine.search(query(SearchMode.HYBRID, 0));

    assertThat(found).hasSize(5);
    assertThat(index.nearestScope).isEqualTo(new SearchScope(100, SCOPE.table(), SCOPE.filter()));
    assertThat(index.matchingScope).isEqualTo(index.nearestScope);
    assertThat(
            keys(
                engine.search(
                    new SearchQuery(
                        "mouse", SearchMode.HYBRID, SearchScope.everything(200), 0, false))))
        .startsWith("v0", "w0")
        .contains("both")
        .hasSize(199);
    assertThat(index.nearestScope).isEqualTo(SearchScope.everything(200));
  }

  @Test
  void hitsBelowTheLeastScoreAreLeftOut() {
    index.nearest = List.of(hit("a", 0, 0.9, 1), hit("b", 0, 0.8, 1), hit("c", 0, 0.7, 1));
    index.matching = List.of();

    assertThat(keys(engine.search(query(SearchMode.VECTOR, 0.8)))).containsExactly("a", "b");
    assertThat(keys(engine.search(query(SearchMode.HYBRID, 0.495)))).containsExactly("a");
  }
}
