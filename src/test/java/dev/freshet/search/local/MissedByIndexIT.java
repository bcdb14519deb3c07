package dev.freshet.search.local;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.document.DocumentId;
import dev.freshet.embedding.QueryEmbedder;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.Verdict;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreFixtures.Writing;
import dev.freshet.store.pgvector.PgvectorStores;
import dev.freshet.support.TestSchema;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** PostgreSQL's approximate index does miss what is near, where nothing is much nearer. */
class MissedByIndexIT {

  private static final int DIMENSION = 128;
  private static final int DOCUMENTS = 2_000;
  private static final int MOST_QUERIES = 500;
  private static final int K = 10;

  private final Random random = new Random(7);

  /** A query's vector depends on its text alone. */
  private final EmbeddingModel model =
      segments ->
          Response.from(
              segments.stream()
                  .map(text -> Embedding.from(vector(new Random(text.text().hashCode()))))
                  .toList());

  private static float[] vector(Random random) {
    var vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextFloat() - 0.5f;
    }
    return vector;
  }

  private static SearchQuery query(int number, boolean exact) {
    return new SearchQuery(
        "query " + number, SearchMode.VECTOR, SearchScope.everything(K), 0, exact);
  }

  private static List<DocumentId> found(LocalSearchEngine engine, SearchQuery query) {
    return engine.search(query).stream().map(Hit::documentId).toList();
  }

  @Test
  void whatItMissesIsExplainedAsMissedAndNothingElseIs() throws Exception {
    try (var schema = new TestSchema();
        IndexStore store =
            PgvectorStores.open(schema, new EmbeddingSpace("test-model", DIMENSION))) {
      store.commit(
          update(
              IntStream.range(0, DOCUMENTS)
                  .mapToObj(key -> writing(product(key), 1).segment("a", vector(random)))
                  .toArray(Writing[]::new)));
      var engine = new LocalSearchEngine(store, new QueryEmbedder(model, String::length, 2));
      int missed = 0;
      for (int number = 0; number < MOST_QUERIES && missed == 0; number++) {
        List<DocumentId> exact = found(engine, query(number, true));
        List<DocumentId> approximate = found(engine, query(number, false));
        for (DocumentId id : exact) {
          if (!approximate.contains(id)) {
            missed++;
            Explanation explanation = engine.explain(id, query(number, false));
            assertThat(explanation.verdict()).isEqualTo(Verdict.MISSED_BY_INDEX);
            assertThat(explanation.rank()).isEqualTo(exact.indexOf(id) + 1);
          }
        }
        for (DocumentId id : approximate.subList(0, number == 0 ? K : 1)) {
          assertThat(engine.explain(id, query(number, false)).verdict()).isEqualTo(Verdict.FOUND);
        }
      }
      assertThat(missed).as("hits that the index missed").isPositive();

      var all = new SearchQuery("x", SearchMode.VECTOR, SearchScope.everything(300), 0, true);
      DocumentId last = found(engine, all).get(299);
      Explanation below =
          engine.explain(
              last, new SearchQuery("x", SearchMode.VECTOR, SearchScope.everything(K), 0, false));
      assertThat(below.verdict()).isEqualTo(Verdict.BELOW_K);
      assertThat(below.rank()).isEqualTo(300);
    }
  }
}
