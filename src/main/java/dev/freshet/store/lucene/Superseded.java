package dev.freshet.store.lucene;

import dev.freshet.changeevent.Position;
import java.io.IOException;
import java.util.Set;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Deletes those of the collected documents whose position a truncation supersedes. One after the
 * other: a table of any size passes through the writer's bounded buffer.
 */
final class Superseded extends SimpleCollector {

  private final Position truncation;
  private final Set<BytesRef> kept;
  private final IndexWriter writer;
  private @Nullable BinaryDocValues ids;
  private @Nullable BinaryDocValues positions;

  /**
   * @param kept the ids of documents that stay, whatever their position
   */
  Superseded(Position truncation, Set<BytesRef> kept, IndexWriter writer) {
    this.truncation = truncation;
    this.kept = kept;
    this.writer = writer;
  }

  @Override
  protected void doSetNextReader(LeafReaderContext leaf) throws IOException {
    ids = DocValues.getBinary(leaf.reader(), StateDocument.ID_COLUMN);
    positions = DocValues.getBinary(leaf.reader(), StateDocument.POSITION_COLUMN);
  }

  @Override
  public void collect(int document) throws IOException {
    var stored = Position.parse(value(positions, document).utf8ToString());
    BytesRef id = value(ids, document);
    if (truncation.supersedes(stored) && !kept.contains(id)) {
      writer.deleteDocuments(new Term(Terms.DOCUMENT, BytesRef.deepCopyOf(id)));
    }
  }

  private static BytesRef value(@Nullable BinaryDocValues column, int document) throws IOException {
    if (column == null || !column.advanceExact(document)) {
      throw new IllegalStateException("a document's state lacks its id or position");
    }
    return column.binaryValue();
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }
}
