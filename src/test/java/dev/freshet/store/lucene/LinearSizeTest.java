package dev.freshet.store.lucene;

import static dev.freshet.store.StoreFixtures.update;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.LinearSizeContract;
import dev.freshet.store.StoreFixtures.Writing;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.ByteBuffersDirectory;

class LinearSizeTest extends LinearSizeContract {

  @Override
  protected long stored(Writing row) throws Exception {
    var directory = new ByteBuffersDirectory();
    try (var store =
        new LuceneIndexStore(Path.of("."), directory, new EmbeddingSpace("test-model", 3))) {
      long empty = bytes(directory);
      store.commit(update(row));
      return bytes(directory) - empty;
    }
  }

  private static long bytes(ByteBuffersDirectory directory) throws IOException {
    long bytes = 0;
    for (String file : directory.listAll()) {
      bytes += directory.fileLength(file);
    }
    return bytes;
  }
}
