package dev.freshet.store.pgvector;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreFixtures.Writing;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An index that is too large for its words to be counted in each search. */
class ManyWordsIT {

  private static final int SEGMENTS = 6_000;
  private static final SearchScope BEST = SearchScope.everything(10);

  private final TestSchema schema = new TestSchema();
  private IndexStore store;

  @BeforeEach
  void fill() throws Exception {
    store = PgvectorStores.open(schema, new EmbeddingSpace("test-model", 3));
    for (int from = 0; from < SEGMENTS; from += 1_000) {
      List<Writing> page = new ArrayList<>();
      for (int key = from; key < from + 1_000; key++) {
        page.add(writing(product(key), 1).segment(text(key), 1, 0, 0));
      }
      store.commit(update(page.toArray(Writing[]::new)));
    }
  }

  private static String text(int key) {
    var text = new StringBuilder("the item and").append(" the".repeat(key % 4));
    text.append(" number").append(key).append(key % 100 == 0 ? " lantern" : "");
    for (int i = 0; i < 30; i++) {
      text.append(" word").append(key * 31 % (50 + 200 * i));
    }
    return text.toString();
  }

  @AfterEach
  void dropSchema() throws SQLException {
    store.close();
    schema.close();
  }

  private void analyze() throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute("ANALYZE " + schema.name() + ".freshet_words");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aQuestionFindsItsRareWordsFirstAndRanksAreTheirPlaces(boolean analyzed) throws Exception {
    if (analyzed) {
      analyze();
    }
    String question = "where is the lantern and the item with the number4200";

    List<Hit> hits = store.findMatching(question, BEST);

    assertThat(hits).hasSize(10).allMatch(hit -> hit.text().contains("lantern"));
    assertThat(hits.get(0).documentId()).isEqualTo(product(4_200));
    for (Hit hit : hits) {
      long better = hits.stream().filter(other -> other.score() > hit.score()).count();
      assertThat(store.countMatchingBetter(question, BEST, hit.score())).isEqualTo(better);
      assertThat(store.findMatching(question, BEST.bestOf(hit.documentId()))).containsExactly(hit);
    }
  }

  @Test
  void commonWordsFillWhatARareOneLeavesFree() throws Exception {
    analyze();

    List<Hit> hits = store.findMatching("the number17", BEST);

    assertThat(hits).hasSize(10);
    assertThat(hits.get(0).documentId()).isEqualTo(product(17));
    assertThat(store.findMatching("the", BEST)).hasSize(10);
    assertThat(store.findMatching("absent", BEST)).isEmpty();
  }

  @Test
  void aWordThatComesAfterTheLastCountIsFound() throws Exception {
    assertThat(store.findMatching("newcomer", BEST)).isEmpty();
    store.commit(update(writing(product("new"), 1).segment("a newcomer", 1, 0, 0)));

    assertThat(store.findMatching("the newcomer", BEST))
        .first()
        .extracting(Hit::documentId)
        .isEqualTo(product("new"));
  }
}
