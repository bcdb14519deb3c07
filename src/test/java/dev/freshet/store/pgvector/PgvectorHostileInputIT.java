package dev.freshet.store.pgvector;

import dev.freshet.hostile.HostileInputContract;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.support.TestSchema;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;

class PgvectorHostileInputIT extends HostileInputContract {

  private final TestSchema schema = new TestSchema();
  private final IndexStore store = PgvectorStores.open(schema, new EmbeddingSpace("cheap", 3));

  @Override
  protected IndexStore store() {
    return store;
  }

  @Override
  protected boolean refusesLongKeys() {
    return true;
  }

  @AfterAll
  void close() throws SQLException {
    store.close();
    schema.close();
  }
}
