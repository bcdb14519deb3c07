package dev.freshet.store;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.freshet.store.pgvector.PgvectorStores;
import dev.freshet.support.StoreAsIndex;
import dev.freshet.support.TestSchema;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in PostgreSQL beside an index that is another system keeps the contract of stores. */
class IndexThenLedgerIT extends StoreContract {

  @TempDir Path folder;
  private static final TestSchema schema = new TestSchema();

  @BeforeEach
  @Override
  protected void openStore() throws Exception {
    schema.empty();
    super.openStore();
  }

  @AfterAll
  static void dropSchema() throws SQLException {
    schema.close();
  }

  @Override
  protected Store open(EmbeddingSpace space) {
    var index = new StoreAsIndex(LuceneIndexStore.open(folder, space));
    return new IndexThenLedger(index, PgvectorStores.open(schema, space));
  }

  @Override
  public int ahead() {
    return 1;
  }
}
