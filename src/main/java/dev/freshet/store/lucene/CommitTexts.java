package dev.freshet.store.lucene;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;

/** The texts that Lucene keeps beside the documents of a commit. */
final class CommitTexts {

  private CommitTexts() {}

  static Optional<String> read(IndexSearcher committed, String key) throws IOException {
    return Optional.ofNullable(all(committed).get(key));
  }

  /** Those whose keys begin so. */
  static Map<String, String> startingWith(IndexSearcher committed, String prefix)
      throws IOException {
    var some = new HashMap<>(all(committed));
    some.keySet().removeIf(key -> !key.startsWith(prefix));
    return some;
  }

  private static Map<String, String> all(IndexSearcher committed) throws IOException {
    if (!(committed.getIndexReader() instanceof DirectoryReader reader)) {
      throw new IllegalStateException("the reader is of no commit");
    }
    return reader.getIndexCommit().getUserData();
  }

  static void write(IndexWriter writer, String key, String text) {
    change(writer, data -> data.put(key, text));
  }

  static void remove(IndexWriter writer, String key) {
    change(writer, data -> data.remove(key));
  }

  private static void change(IndexWriter writer, Consumer<Map<String, String>> change) {
    Map<String, String> data = new HashMap<>();
    writer.getLiveCommitData().forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    change.accept(data);
    writer.setLiveCommitData(data.entrySet());
  }
}
