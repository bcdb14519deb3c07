package dev.freshet.store.pgvector;

import dev.freshet.store.EarlierIndexContract;
import dev.freshet.store.IndexStore;
import dev.freshet.support.EarlierIndex;
import dev.freshet.support.TestSchema;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

class PgvectorEarlierIndexIT extends EarlierIndexContract {

  private final TestSchema schema = new TestSchema();

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  @Override
  protected IndexStore openEarlier() throws Exception {
    EarlierIndex.restoreTo(schema);
    return PgvectorStores.open(schema, SPACE);
  }
}
