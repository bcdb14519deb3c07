package dev.freshet.store.pgvector;

import dev.freshet.store.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.store.IndexStoreContract;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class PgvectorIndexStoreIT extends IndexStoreContract {

  private final TestSchema schema = new TestSchema();

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  @Override
  protected IndexStore open(EmbeddingSpace space) {
    return PgvectorFactory.open(
        new JdbcConfiguration(
            Services.jdbcUrl(), null, null, schema.name(), 8, Duration.ofSeconds(10)),
        space);
  }
}
