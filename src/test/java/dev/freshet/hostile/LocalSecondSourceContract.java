package dev.freshet.hostile;

import dev.freshet.document.Renderings;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.IndexStore;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The second source before an index in a store of Freshet's own. */
public abstract class LocalSecondSourceContract extends SecondSourceContract {

  private IndexStore store;

  /** Opens the test's own store. */
  protected abstract IndexStore open(EmbeddingSpace space);

  @BeforeEach
  void openStore() {
    store = open(CheapModel.SPACE);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Override
  protected IndexStore ledger() {
    return store;
  }

  @Override
  protected IndexSink sink() {
    return new LocalIndexSink(
        store,
        new CheapModel(),
        CheapModel::split,
        Renderings.UNSPLIT,
        64 * Intake.MEGABYTE,
        Clock.systemUTC());
  }
}
