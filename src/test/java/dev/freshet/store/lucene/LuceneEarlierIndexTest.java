package dev.freshet.store.lucene;

import dev.freshet.store.EarlierIndexContract;
import dev.freshet.store.IndexStore;
import dev.freshet.support.EarlierIndex;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LuceneEarlierIndexTest extends EarlierIndexContract {

  @TempDir Path folder;

  @Override
  protected IndexStore openEarlier() throws Exception {
    EarlierIndex.copyTo(folder);
    return LuceneIndexStore.open(folder, SPACE);
  }
}
