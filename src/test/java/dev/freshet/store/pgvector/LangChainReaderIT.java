package dev.freshet.store.pgvector;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.segmentId;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.pgvector.DefaultMetadataStorageConfig;
import dev.langchain4j.store.embedding.pgvector.MetadataStorageMode;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A LangChain4j application searches the index that Freshet keeps. */
class LangChainReaderIT {

  private final TestSchema schema = new TestSchema();

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  private PgVectorEmbeddingStore langChainStore() {
    var dataSource = new PGSimpleDataSource();
    dataSource.setUrl(Services.jdbcUrl());
    dataSource.setCurrentSchema(schema.name() + ",public");
    return PgVectorEmbeddingStore.datasourceBuilder()
        .datasource(dataSource)
        .table("freshet_segment")
        .dimension(3)
        .createTable(false)
        .skipCreateVectorExtension(true)
        .metadataStorageConfig(
            DefaultMetadataStorageConfig.builder()
                .storageMode(MetadataStorageMode.COMBINED_JSONB)
                .columnDefinitions(List.of("metadata JSONB NOT NULL"))
                .build())
        .build();
  }

  @Test
  void itFindsSegmentsByVectorAndMetadata() throws Exception {
    var configuration =
        new JdbcConfiguration(
            Services.jdbcUrl(), null, null, schema.name(), 4, Duration.ofSeconds(10));
    try (var store = PgvectorFactory.open(configuration, new EmbeddingSpace("test-model", 3))) {
      store.commit(
          update(
              writing(product(1), 1)
                  .metadata("category", "books")
                  .metadata("price", 12.5)
                  .metadata("stock", 9_007_199_254_740_993L)
                  .metadata("new", true)
                  .metadata("tags", List.of("a"))
                  .metadata("owner", NullNode.getInstance())
                  .segment("a book", 1, 0, 0),
              writing(product(2), 2).metadata("category", "toys").segment("a toy", 1, 0, 0)));
    }
    var result =
        langChainStore()
            .search(
                EmbeddingSearchRequest.builder()
                    .queryEmbedding(Embedding.from(new float[] {1, 0, 0}))
                    .filter(metadataKey("category").isEqualTo("books"))
                    .maxResults(5)
                    .build());
    assertThat(result.matches())
        .singleElement()
        .satisfies(
            match -> {
              assertThat(match.embeddingId()).isEqualTo(segmentId(product(1), "a book").toString());
              assertThat(match.embedded().text()).isEqualTo("a book");
              assertThat(match.score()).isCloseTo(1, within(1e-5));
              assertThat(match.embedded().metadata().getString("freshet_document_id"))
                  .isEqualTo("public.products/1");
              assertThat(match.embedded().metadata().getDouble("price")).isEqualTo(12.5);
              assertThat(match.embedded().metadata().getLong("stock"))
                  .isEqualTo(9_007_199_254_740_993L);
              assertThat(match.embedded().metadata().getString("new")).isEqualTo("true");
              assertThat(match.embedded().metadata().getString("tags")).isEqualTo("[\"a\"]");
              assertThat(match.embedded().metadata().containsKey("owner")).isFalse();
              assertThat(match.embedded().metadata().getInteger("freshet_segment")).isZero();
            });
  }
}
