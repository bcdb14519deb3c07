package dev.freshet.search.local;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.freshet.document.DocumentId;
import dev.freshet.embedding.QueryEmbedder;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.search.Explanation;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.Verdict;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreFixtures.Writing;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.freshet.support.ForwardingIndexStore;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Why a search of a local index finds a document, or does not. */
class ExplanationTest {

  /** Every query means the same. */
  private static final EmbeddingModel MODEL =
      segments ->
          Response.from(
              segments.stream().map(any -> Embedding.from(new float[] {1, 0, 0})).toList());

  @TempDir private Path folder;

  private IndexStore store;

  /** What the approximate index does not reach. */
  private final Set<DocumentId> unreachable = new HashSet<>();

  /** How often the approximate index was asked. */
  private int asked;

  private LocalSearchEngine engine;

  @BeforeEach
  void open() {
    store = LuceneIndexStore.open(folder, new EmbeddingSpace("test-model", 3));
    engine = new LocalSearchEngine(new Missing(store), new QueryEmbedder(MODEL, String::length, 2));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** An approximate index that some documents are out of reach of. */
  private final class Missing extends ForwardingIndexStore {

    Missing(IndexStore store) {
      super(store);
    }

    @Override
    public List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact) {
      if (exact) {
        return super.findNearest(embedding, scope, true);
      }
      asked++;
      var wide = new SearchScope(1_000, scope.table(), scope.filter());
      return super.findNearest(embedding, wide, true).stream()
          .filter(hit -> !unreachable.contains(hit.documentId()))
          .limit(scope.limit())
          .toList();
    }
  }

  private void commit(Writing... writings) {
    try {
      store.commit(update(writings));
    } catch (ConcurrentUpdateException e) {
      throw new AssertionError(e);
    }
  }

  /** Product 1 is nearest, and 12 is farthest. */
  private void commitTwelve() {
    commit(
        IntStream.rangeClosed(1, 12)
            .mapToObj(
                key ->
                    writing(product(key), 1)
                        .metadata("price", key)
                        .metadata("color", "red")
                        .segment("far " + key, -1, 0, key)
                        .segment(fox(key), 1, key / 10f, 0))
            .toArray(Writing[]::new));
  }

  private static String fox(int words) {
    return "fox" + " and".repeat(words);
  }

  private static SearchQuery query(SearchMode mode, int k, double minScore, String... filter) {
    var parsed =
        filter.length == 0 ? null : new FilterExpressionParser().parse(String.join("", filter));
    return new SearchQuery("fox", mode, new SearchScope(k, null, parsed), minScore, false);
  }

  private Explanation explain(Object key, SearchQuery query) {
    return engine.explain(product(key), query);
  }

  @ParameterizedTest
  @CsvSource({"VECTOR, 3", "KEYWORD, 3", "HYBRID, 3"})
  void aDocumentThatIsFoundSaysAtWhichRank(SearchMode mode, long rank) {
    commitTwelve();

    Explanation found = explain(3, query(mode, 5, 0));

    assertThat(found.verdict()).isEqualTo(Verdict.FOUND);
    assertThat(found.rank()).isEqualTo(rank);
    assertThat(found.segment()).isEqualTo(1);
    List<Hit> hits = engine.search(query(mode, 5, 0));
    assertThat(found.score()).isEqualTo(hits.get(2).score());
    assertThat(found.lastScore()).isEqualTo(hits.get(4).score());
    assertThat(found.state()).isEqualTo("indexed");
  }

  @ParameterizedTest
  @CsvSource({"VECTOR, 12", "KEYWORD, 12", "HYBRID, 12"})
  void aDocumentThatStandsTooFarDownSaysWhereAndBelowWhat(SearchMode mode, long rank) {
    commitTwelve();

    Explanation below = explain(12, query(mode, 10, 0));

    assertThat(below.verdict()).isEqualTo(Verdict.BELOW_K);
    assertThat(below.rank()).isEqualTo(rank);
    assertThat(below.lastScore()).isEqualTo(engine.search(query(mode, 10, 0)).get(9).score());
    assertThat(below.score()).isEqualTo(engine.search(query(mode, 12, 0)).get(11).score());
    assertThat(below.reason()).contains("rank 12, and 10 were asked for");
  }

  @Test
  void theSentenceHasTheFigures() {
    commit(
        writing(product(1), 1).segment("a", 1, 0, 0), writing(product(2), 1).segment("b", 0, 1, 0));

    assertThat(explain(2, query(SearchMode.VECTOR, 1, 0)).reason())
        .isEqualTo(
            "Its best segment stands at rank 2, and 1 were asked for; it has the score 0.5000, the"
                + " last hit 1.0000.");
  }

  @Test
  void ofEqualScoresTheOneThatIsCutOffIsNotSaidToBeMissed() {
    commit(
        IntStream.rangeClosed(1, 4)
            .mapToObj(key -> writing(product(key), 1).segment("same", 3, 1, 0))
            .toArray(Writing[]::new));
    var query = query(SearchMode.VECTOR, 2, 0);
    List<DocumentId> found = engine.search(query).stream().map(Hit::documentId).toList();

    for (int key = 1; key <= 4; key++) {
      Explanation explanation = explain(key, query);
      boolean isFound = found.contains(product(key));
      assertThat(explanation.verdict()).isEqualTo(isFound ? Verdict.FOUND : Verdict.BELOW_K);
      assertThat(explanation.rank()).isEqualTo(isFound ? found.indexOf(product(key)) + 1 : 3);
    }
  }

  @ParameterizedTest
  @EnumSource(SearchMode.class)
  void aDocumentWithoutTextIsEmpty(SearchMode mode) {
    commitTwelve();
    commit(writing(product("empty"), 1));

    Explanation empty = explain("empty", query(mode, 10, 0, "color = red"));

    assertThat(empty.verdict()).isEqualTo(Verdict.EMPTY);
    assertThat(empty.score()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price < 5 | price < 5 does not hold, its price is 5",
        "color = red and price > 5 | price > 5 does not hold, its price is 5",
        "color in (blue, green) and price = 5 | color in (blue, green) does not hold, its color is red",
        "size >= 1 | size >= 1 does not hold, it has no size",
        "price != 5 and color = blue | price != 5 does not hold, its price is 5",
        "new = true | new = true does not hold, it has no new"
      })
  void aFilterThatLeavesItOutIsNamed(String filter, String reason) {
    commitTwelve();

    for (SearchMode mode : SearchMode.values()) {
      Explanation filtered = explain(5, query(mode, 10, 0, filter));
      assertThat(filtered.verdict()).isEqualTo(Verdict.FILTERED);
      assertThat(filtered.reason()).isEqualTo("The filter leaves it out: " + reason + ".");
    }
  }

  @Test
  void aRankIsCountedAmongWhatTheFilterLeavesIn() {
    commitTwelve();

    Explanation below = explain(12, query(SearchMode.VECTOR, 2, 0, "price >= 9"));

    assertThat(below.verdict()).isEqualTo(Verdict.BELOW_K);
    assertThat(below.rank()).isEqualTo(4);
  }

  @Test
  void aScoreBelowTheLeastOneIsTheReasonWhateverTheRank() {
    commitTwelve();

    Explanation near = explain(3, query(SearchMode.VECTOR, 10, 0.999));
    Explanation far = explain(12, query(SearchMode.VECTOR, 10, 0.999));

    assertThat(near.verdict()).isEqualTo(Verdict.BELOW_MIN_SCORE);
    assertThat(near.reason()).contains("0.9789", "0.9990");
    assertThat(near.score()).isCloseTo(0.9789, within(1e-4));
    assertThat(far.verdict()).isEqualTo(Verdict.BELOW_MIN_SCORE);
    assertThat(explain(3, query(SearchMode.HYBRID, 10, 0.99)).verdict())
        .isEqualTo(Verdict.BELOW_MIN_SCORE);
    assertThat(explain(3, query(SearchMode.KEYWORD, 10, 99)).verdict())
        .isEqualTo(Verdict.BELOW_MIN_SCORE);
  }

  @Test
  void withoutAWordOfTheQueryAKeywordSearchFindsNothingAtAnyK() {
    commitTwelve();
    commit(writing(product("dog"), 1).segment("a dog", 1, 0, 0));

    assertThat(explain("dog", query(SearchMode.KEYWORD, 100, 0)))
        .isEqualTo(
            Explanation.of(
                Verdict.NO_MATCH,
                "No word of the query is in the document, and mode keyword needs one."));
    assertThat(explain("dog", query(SearchMode.VECTOR, 1, 0)).verdict()).isEqualTo(Verdict.FOUND);
    assertThat(explain("dog", query(SearchMode.HYBRID, 20, 0)).verdict()).isEqualTo(Verdict.FOUND);
    assertThat(explain("dog", query(SearchMode.HYBRID, 1, 0)).reason())
        .contains("rank 1 by meaning and by words nowhere, as no word of the query is in it");
  }

  @Test
  void whatIsTooDeepInBothRankingsHasNoFusedRank() {
    commit(
        IntStream.rangeClosed(1, 101)
            .mapToObj(
                key ->
                    writing(product(key), 1)
                        .segment(fox(key > 100 ? 5_000 : key), 1, key / 100f, 0))
            .toArray(Writing[]::new));

    Explanation below = explain(101, query(SearchMode.HYBRID, 10, 0));

    assertThat(below.verdict()).isEqualTo(Verdict.BELOW_K);
    assertThat(below.rank()).isNull();
    assertThat(below.score()).isNull();
    assertThat(below.reason())
        .contains("rank 101 by meaning and at rank ", " by words; the best 100 of each count");
  }

  @ParameterizedTest
  @CsvSource({"VECTOR, 2", "HYBRID, 2"})
  void aDocumentThatOnlyAComparisonWithEveryVectorFindsWasMissed(SearchMode mode, long rank) {
    commitTwelve();
    unreachable.add(product(2));

    Explanation missed = explain(2, query(mode, 2, 0));

    assertThat(missed.verdict()).isEqualTo(Verdict.MISSED_BY_INDEX);
    assertThat(missed.rank()).isEqualTo(rank);
    assertThat(missed.segment()).isEqualTo(1);
    assertThat(missed.reason()).contains("finds it at rank 2 of 2", "exact=true");
    assertThat(explain(3, query(mode, 2, 0)).verdict()).isEqualTo(Verdict.FOUND);
  }

  @Test
  void whatIsMissedAndTooFarDownAnywayIsTooFarDown() {
    commitTwelve();
    unreachable.add(product(12));

    assertThat(explain(12, query(SearchMode.VECTOR, 11, 0)).verdict()).isEqualTo(Verdict.BELOW_K);
    assertThat(explain(12, query(SearchMode.VECTOR, 12, 0)).verdict())
        .isEqualTo(Verdict.MISSED_BY_INDEX);
  }

  /** Something that stood before it was deleted between the two searches. */
  @Test
  void whatTheApproximateIndexFindsWhenItIsAskedAgainWasNotMissed() {
    commitTwelve();
    unreachable.add(product(2));
    var moving =
        new ForwardingIndexStore(new Missing(store)) {
          @Override
          public List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact) {
            if (!exact && asked == 1) {
              unreachable.clear();
            }
            return super.findNearest(embedding, scope, exact);
          }
        };

    Explanation found =
        new LocalSearchEngine(moving, new QueryEmbedder(MODEL, String::length, 2))
            .explain(product(2), query(SearchMode.VECTOR, 2, 0));

    assertThat(found.verdict()).isEqualTo(Verdict.FOUND);
    assertThat(asked).isEqualTo(2);
  }

  /** The one true reason: it may not say found, nor anything else, against the search itself. */
  @ParameterizedTest
  @EnumSource(SearchMode.class)
  void itSaysFoundOfWhatTheSearchFindsAndOfNothingElse(SearchMode mode) {
    var random = new Random(7);
    var writings = new ArrayList<Writing>();
    for (int key = 0; key < 30; key++) {
      var writing = writing(product(key), 1).metadata("price", key % 3);
      for (int ordinal = random.nextInt(3); ordinal >= 0; ordinal--) {
        String words = random.nextInt(3) == 0 ? "dog" : fox(random.nextInt(5));
        float[] vector = {random.nextInt(4), random.nextInt(4), 1};
        writing.segment(words + " " + ordinal, vector);
      }
      writings.add(writing);
    }
    commit(writings.toArray(Writing[]::new));
    IntStream.range(0, 10).forEach(i -> unreachable.add(product(random.nextInt(30))));
    List<SearchQuery> queries =
        List.of(
            query(mode, 10, 0),
            query(mode, 1, 0),
            query(mode, 15, 0.45, "price < 2"),
            query(mode, 100, mode == SearchMode.VECTOR ? 0.9 : 0.1));
    for (SearchQuery query : queries) {
      var found = engine.search(query).stream().map(Hit::documentId).toList();
      for (int key = 0; key < 30; key++) {
        Explanation explanation = explain(key, query);
        assertThat(explanation.verdict() == Verdict.FOUND)
            .as("%s of %s: %s", key, query, explanation)
            .isEqualTo(found.contains(product(key)));
        if (explanation.verdict() == Verdict.FOUND) {
          assertThat(explanation.rank()).isEqualTo(found.indexOf(product(key)) + 1);
        }
        if (explanation.verdict() == Verdict.BELOW_K && explanation.rank() != null) {
          assertThat(explanation.rank()).isGreaterThan(query.scope().limit());
        }
      }
    }
  }

  /** Values that stores could judge otherwise than the one who explains. */
  private static final List<Object> VALUES =
      List.of(
          true,
          false,
          "true",
          1,
          new BigDecimal("1.0"),
          9_007_199_254_740_993L,
          new BigDecimal("9007199254740992.5"),
          "a",
          "2024-05-01",
          "2024-05-01T00:00:00Z",
          "2024-05-01T02:00:00+02:00",
          "2024-05-01T10:00",
          "infinity",
          List.of("a", 1),
          "[\"a\", true]",
          NullNode.getInstance());

  private static final List<String> LITERALS =
      List.of(
          "true",
          "'false'",
          "1",
          "1.00",
          "9007199254740993",
          "9007199254740992",
          "a",
          "b",
          "'2024-05-01'",
          "'2024-05-01T00:00'",
          "'2024-05-01T12:00:00+02:00'",
          "'2024'");

  @Test
  void itSaysFilteredOfWhatTheFilterLeavesOutAndOfNothingElse() {
    assertThatItSaysFilteredOfWhatTheFilterLeavesOut(10);
  }

  @Test
  @Tag("campaign") // Half a minute.
  void ofEachDocumentAndEachFilterItSaysFilteredWhereTheFilterLeavesItOut() {
    assertThatItSaysFilteredOfWhatTheFilterLeavesOut(1);
  }

  /**
   * @param one of so many documents is explained for each filter, another for the next
   */
  private void assertThatItSaysFilteredOfWhatTheFilterLeavesOut(int one) {
    var random = new Random(3);
    var writings = new ArrayList<Writing>();
    for (int key = 0; key < 40; key++) {
      var writing = writing(product(key), 1).segment("fox " + key, 1, key, 0);
      for (String column : List.of("x", "y")) {
        int value = random.nextInt(VALUES.size() + 1);
        if (value < VALUES.size()) {
          writing.metadata(column, VALUES.get(value));
        }
      }
      writings.add(writing);
    }
    commit(writings.toArray(Writing[]::new));
    for (int i = 0; i < 150; i++) {
      String filter = condition(random) + (random.nextBoolean() ? " and " + condition(random) : "");
      SearchQuery query = query(SearchMode.VECTOR, 100, 0, filter);
      var found = engine.search(query).stream().map(Hit::documentId).toList();
      for (int key = i % one; key < 40; key += one) {
        Explanation explanation = explain(key, query);
        assertThat(explanation.verdict())
            .as(
                "%s of %s: %s",
                filter,
                writings.get(key).contents().findFirst().orElseThrow().metadata(),
                explanation)
            .isEqualTo(found.contains(product(key)) ? Verdict.FOUND : Verdict.FILTERED);
        if (explanation.verdict() == Verdict.FILTERED) {
          assertThat(explanation.reason()).contains(" does not hold, it");
        }
      }
    }
  }

  private static String condition(Random random) {
    String column = random.nextBoolean() ? "x" : "y";
    String literal = LITERALS.get(random.nextInt(LITERALS.size()));
    return switch (random.nextInt(6)) {
      case 0 -> column + " is null";
      case 1 -> column + " is not null";
      case 2 -> column + " contains " + literal;
      case 3 -> column + " in (" + literal + ", " + literal + ")";
      default -> {
        var operators = literal.equals("true") ? List.of("=", "!=") : List.of("=", "!=", "<", ">=");
        yield column + " " + operators.get(random.nextInt(operators.size())) + " " + literal;
      }
    };
  }
}
