package dev.freshet.store.pgvector;

import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SegmentWrite;
import dev.freshet.words.WordAnalyzer;
import java.util.Collection;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Writes the words of segments that are written already; deleted segments take theirs along. */
final class WordWriter {

  /** The driver keeps what a batch sends in memory. */
  private static final int SLICE = 100;

  private final PreparedBatch batch;

  WordWriter(Handle handle) {
    this.batch =
        handle.prepareBatch(
            """
            INSERT INTO freshet_words (embedding_id, analysis, length, words)
            VALUES (:id, :analysis, :length, CAST(:words AS tsvector))
            ON CONFLICT (embedding_id) DO UPDATE SET
              analysis = excluded.analysis, length = excluded.length, words = excluded.words
            """);
  }

  /** A segment that keeps its vector keeps its text, and so its words. */
  void write(Collection<IndexedDocument> documents) {
    for (IndexedDocument document : documents) {
      for (SegmentWrite segment : document.segments()) {
        if (segment.embedding() != null) {
          add(segment.id(), segment.text());
        }
      }
    }
    execute();
  }

  void add(UUID segment, String text) {
    WordVector words = WordVector.of(text);
    batch
        .bind("id", segment)
        .bind("analysis", WordAnalyzer.VERSION)
        .bind("length", words.length())
        .bind("words", words.tsvector())
        .add();
    if (batch.size() == SLICE) {
      batch.execute();
    }
  }

  void execute() {
    if (batch.size() > 0) {
      batch.execute();
    }
  }
}
