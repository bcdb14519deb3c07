package dev.freshet.store;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.freshet.store.pgvector.EmptyStores;
import dev.freshet.support.StoreAsIndex;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in PostgreSQL beside an index that is another system keeps the contract of stores. */
class IndexThenLedgerIT extends StoreContract {

  @TempDir Path folder;
  private static final EmptyStores ledgers = new EmptyStores(SPACE);

  @AfterAll
  static void closeLedgers() throws SQLException {
    ledgers.close();
  }

  @Override
  protected Store openEmpty() throws SQLException {
    return new IndexThenLedger(index(SPACE), ledgers.open());
  }

  @Override
  protected Store open(EmbeddingSpace space) {
    return new IndexThenLedger(index(space), ledgers.openAgain(space));
  }

  private StoreAsIndex index(EmbeddingSpace space) {
    return new StoreAsIndex(LuceneIndexStore.open(folder, space));
  }

  @Override
  public int ahead() {
    return 1;
  }
}
