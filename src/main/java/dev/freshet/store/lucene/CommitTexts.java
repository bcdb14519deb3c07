package dev.freshet.store.lucene;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;

/** The texts that Lucene keeps beside the documents of a commit. */
final class CommitTexts {

  private CommitTexts() {}

  static Optional<String> read(IndexSearcher committed, String key) throws IOException {
    if (!(committed.getIndexReader() instanceof DirectoryReader reader)) {
      throw new IllegalStateException("the reader is of no commit");
    }
    return Optional.ofNullable(reader.getIndexCommit().getUserData().get(key));
  }

  static void write(IndexWriter writer, String key, String text) {
    Map<String, String> data = new HashMap<>();
    writer.getLiveCommitData().forEach(entry -> data.put(entry.getKey(), entry.getValue()));
    data.put(key, text);
    writer.setLiveCommitData(data.entrySet());
  }
}
