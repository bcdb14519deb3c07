package dev.freshet.store.lucene;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.store.EmbeddingSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.Test;

/** What a row costs grows with its size, not with its square. */
class LinearSizeTest {

  @Test
  void aRowOfTwiceTheSizeIsStoredInTwiceTheBytes() throws Exception {
    long once = stored(400);
    long twice = stored(800);

    assertThat((double) twice / once).isBetween(1.7, 2.3);
  }

  /** The bytes of a row whose text is in its metadata, too, and makes so many segments. */
  private static long stored(int segments) throws Exception {
    var directory = new ByteBuffersDirectory();
    var random = new Random(5);
    var text = new StringBuilder();
    var writing = writing(product(1), 1);
    for (int i = 0; i < segments; i++) {
      var segment = new StringBuilder();
      random.ints(300, 'a', 'z').forEach(letter -> segment.append((char) letter));
      text.append(segment).append(' ');
      writing.segment(segment.toString(), random.nextFloat(), random.nextFloat(), 1);
    }
    writing.metadata("body", text.toString());
    try (var store =
        new LuceneIndexStore(Path.of("."), directory, new EmbeddingSpace("test-model", 3))) {
      store.commit(update(writing));
      return bytes(directory);
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
