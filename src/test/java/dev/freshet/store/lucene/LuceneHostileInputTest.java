package dev.freshet.store.lucene;

import dev.freshet.hostile.HostileInputContract;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import java.nio.file.Path;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterAll;

class LuceneHostileInputTest extends HostileInputContract {

  private final IndexStore store =
      new LuceneIndexStore(
          Path.of("."), new ByteBuffersDirectory(), new EmbeddingSpace("cheap", 3));

  @Override
  protected IndexStore store() {
    return store;
  }

  @Override
  protected boolean refusesLongKeys() {
    return false;
  }

  @AfterAll
  void close() {
    store.close();
  }
}
