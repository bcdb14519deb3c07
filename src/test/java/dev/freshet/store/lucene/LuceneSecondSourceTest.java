package dev.freshet.store.lucene;

import dev.freshet.hostile.LocalSecondSourceContract;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import java.nio.file.Path;
import org.apache.lucene.store.ByteBuffersDirectory;

class LuceneSecondSourceTest extends LocalSecondSourceContract {

  @Override
  protected IndexStore open(EmbeddingSpace space) {
    return new LuceneIndexStore(Path.of("."), new ByteBuffersDirectory(), space);
  }
}
