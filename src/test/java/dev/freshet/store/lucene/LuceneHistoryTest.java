package dev.freshet.store.lucene;

import dev.freshet.changeevent.TableId;
import dev.freshet.history.HistoryProperty;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import java.nio.file.Path;
import org.apache.lucene.store.ByteBuffersDirectory;

/** In memory: what is tried is what is stored, and not how the disk keeps it. */
class LuceneHistoryTest extends HistoryProperty {

  private static final int HISTORIES_OF_A_STORE = 50;

  private IndexStore store = open();
  private int histories;

  private static IndexStore open() {
    return new LuceneIndexStore(
        Path.of("."), new ByteBuffersDirectory(), new EmbeddingSpace("history", 3));
  }

  @Override
  protected IndexStore store() {
    return store;
  }

  @Override
  protected void forget(TableId table) {
    if (++histories % HISTORIES_OF_A_STORE == 0) {
      store.close();
      store = open();
    }
  }
}
