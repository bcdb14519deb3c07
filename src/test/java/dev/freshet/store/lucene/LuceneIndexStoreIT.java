package dev.freshet.store.lucene;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexStoreIT extends StoreContract {

  @TempDir Path folder;

  @Override
  protected IndexStore open(EmbeddingSpace space) {
    return LuceneIndexStore.open(folder, space);
  }
}
