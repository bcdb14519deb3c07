package dev.freshet.store.pgvector;

import dev.freshet.hostile.LocalSecondSourceContract;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.support.TestSchema;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

class PgvectorSecondSourceIT extends LocalSecondSourceContract {

  private final TestSchema schema = new TestSchema();

  @Override
  protected IndexStore open(EmbeddingSpace space) {
    return PgvectorStores.open(schema, space);
  }

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }
}
