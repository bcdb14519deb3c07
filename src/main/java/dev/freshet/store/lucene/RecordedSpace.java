package dev.freshet.store.lucene;

import dev.freshet.MisconfiguredException;
import dev.freshet.index.EmbeddingSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;

/** The embedding space that an index was made for, recorded in each of its commits. */
final class RecordedSpace {

  private static final String FORMAT = "freshet.format";
  private static final String CURRENT_FORMAT = "1";
  private static final String MODEL = "freshet.embedding.model";
  private static final String DIMENSION = "freshet.embedding.dimension";

  private RecordedSpace() {}

  /**
   * Records the space in a new index, durably, and compares it with that of an old one.
   *
   * @throws MisconfiguredException when the index was made for another one, or not by Freshet
   */
  static void agree(IndexWriter writer, EmbeddingSpace space, Path path) throws IOException {
    Map<String, String> expected =
        Map.of(
            FORMAT, CURRENT_FORMAT,
            MODEL, space.model(),
            DIMENSION, Integer.toString(space.dimension()));
    if (!DirectoryReader.indexExists(writer.getDirectory())) {
      writer.setLiveCommitData(expected.entrySet());
      writer.commit();
      return;
    }
    var recorded = new HashMap<String, String>();
    var commit = writer.getLiveCommitData();
    if (commit != null) {
      commit.forEach(entry -> recorded.put(entry.getKey(), entry.getValue()));
      recorded.keySet().retainAll(expected.keySet());
    }
    compare(recorded, expected, path);
  }

  private static void compare(
      Map<String, String> recorded, Map<String, String> expected, Path path) {
    if (!CURRENT_FORMAT.equals(recorded.get(FORMAT))) {
      throw new MisconfiguredException(
          path
              + " holds an index that this version of Freshet did not write;"
              + " set freshet.data-dir to another folder");
    }
    if (!recorded.equals(expected)) {
      throw new MisconfiguredException(
          "the index in %s holds vectors of %s, but the embedding model now is %s: configure the"
                  .formatted(path, name(recorded), name(expected))
              + " former model, or set freshet.data-dir to another folder and index again");
    }
  }

  private static String name(Map<String, String> space) {
    return space.get(MODEL) + " (" + space.get(DIMENSION) + " dimensions)";
  }
}
