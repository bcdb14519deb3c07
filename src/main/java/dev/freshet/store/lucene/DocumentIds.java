package dev.freshet.store.lucene;

import dev.freshet.document.DocumentId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.jspecify.annotations.Nullable;

/** Collects the ids of documents. */
final class DocumentIds extends SimpleCollector {

  private final List<DocumentId> collected = new ArrayList<>();
  private @Nullable StoredFields stored;

  @Override
  protected void doSetNextReader(LeafReaderContext leaf) throws IOException {
    stored = leaf.reader().storedFields();
  }

  @Override
  public void collect(int document) throws IOException {
    if (stored != null) {
      collected.add(StateDocument.id(stored.document(document, StateDocument.ID_FIELDS)));
    }
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }

  List<DocumentId> collected() {
    return collected;
  }
}
