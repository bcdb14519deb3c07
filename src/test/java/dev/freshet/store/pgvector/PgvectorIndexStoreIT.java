package dev.freshet.store.pgvector;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.document.DocumentId;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger;
import dev.freshet.ledger.WatermarkLedger.InstanceReport;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreContract;
import dev.freshet.support.Services;
import dev.langchain4j.data.embedding.Embedding;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PgvectorIndexStoreIT extends StoreContract {

  private static final Duration LONG = Duration.ofMinutes(1);

  private static final EmptyStores stores = new EmptyStores(SPACE);

  @AfterAll
  static void closeStores() throws SQLException {
    stores.close();
  }

  @Override
  protected IndexStore openEmpty() throws SQLException {
    return stores.open();
  }

  @Override
  protected IndexStore open(EmbeddingSpace space) {
    return stores.openAgain(space);
  }

  /** The index gives up after its candidates, and all of them are of another table. */
  @Test
  void whatTheVectorIndexDoesNotReachIsFoundAllTheSame() throws Exception {
    try (IndexStore givesUp =
        openWith("&options=-c%20hnsw.max_scan_tuples=1%20-c%20enable_sort=off")) {
      var crowd = writing(product(1), 1);
      for (int ordinal = 0; ordinal < 1_000; ordinal++) {
        crowd.segment("near " + ordinal, 1, ordinal / 1e4f, 0);
      }
      givesUp.commit(
          update(crowd, writing(DocumentId.of(ARTICLES, "1"), 1).segment("far", 0, 0, 1)));

      var embedding = Embedding.from(new float[] {1, 0, 0});
      assertThat(givesUp.findNearest(embedding, new SearchScope(1, ARTICLES, null), false))
          .extracting(Hit::text)
          .containsExactly("far");
    }
  }

  @Test
  void instancesSeeEachOtherUntilTheirTimeIsUp() {
    WatermarkLedger watermarks = ledger().watermarks();
    var one = new InstanceReport(UUID.randomUUID(), 0, new Lsn(5), true);
    var two = new InstanceReport(UUID.randomUUID(), 0, null, false);
    var mark = new Watermark(new CommitPosition(0, new Lsn(7)), null);

    assertThat(watermarks.report(one, LONG)).isEmpty();
    assertThat(watermarks.report(two, LONG)).containsExactly(one);
    assertThat(watermarks.report(one, LONG)).containsExactly(two);
    assertThat(watermarks.raiseAlone(one.instance(), mark)).isEmpty();
    assertThat(watermarks.watermark(0)).isEmpty();

    watermarks.report(two, Duration.ofMillis(1));
    await().untilAsserted(() -> assertThat(watermarks.report(one, LONG)).isEmpty());
    assertThat(watermarks.raiseAlone(one.instance(), mark)).contains(mark);

    watermarks.report(two, LONG);
    watermarks.withdraw(two.instance());
    assertThat(watermarks.report(one, LONG)).isEmpty();
  }

  private static IndexStore openWith(String parameters) {
    return PgvectorFactory.open(
        new JdbcConfiguration(
            Services.jdbcUrl() + parameters,
            null,
            null,
            stores.schema().name(),
            8,
            Duration.ofSeconds(10)),
        SPACE);
  }
}
