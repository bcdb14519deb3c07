package dev.freshet.store.lucene;

import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DeadLetterLedger;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;

/** Dead letters in the index folder, one Lucene document each. */
final class LuceneDeadLetters implements DeadLetterLedger {

  private static final String TEXT = "letter";
  private static final String PLACE = "letterPlace";
  private static final String PLACE_COLUMN = "letterPlaceColumn";

  /** The highest place that was ever given, beside the documents. */
  private static final String LAST = "freshet.letter.last";

  private final IndexFolder folder;

  LuceneDeadLetters(IndexFolder folder) {
    this.folder = folder;
  }

  @Override
  public void append(String letter) {
    commit(committed -> appending(committed, letter));
  }

  private static IndexFolder.Plan appending(IndexSearcher committed, String letter)
      throws IOException {
    long place = CommitTexts.read(committed, LAST).map(Long::parseLong).orElse(0L) + 1;
    return writer -> {
      writer.addDocument(document(place, letter));
      CommitTexts.write(writer, LAST, Long.toString(place));
    };
  }

  private static Document document(long place, String letter) {
    var fields = new Document();
    fields.add(new StringField(Terms.DEAD_LETTER, Long.toString(place), Store.NO));
    fields.add(new LongPoint(PLACE, place));
    fields.add(new NumericDocValuesField(PLACE_COLUMN, place));
    fields.add(new StoredField(PLACE, place));
    fields.add(new StoredField(TEXT, letter));
    return fields;
  }

  @Override
  public Optional<KeptLetter> firstAfter(long place) {
    return folder.ask(
        committed -> {
          var sort = new Sort(new SortField(PLACE_COLUMN, SortField.Type.LONG));
          for (ScoreDoc hit : committed.search(behind(place), 1, sort).scoreDocs) {
            Document fields = committed.storedFields().document(hit.doc);
            return Optional.of(
                new KeptLetter(
                    fields.getField(PLACE).numericValue().longValue(), fields.get(TEXT)));
          }
          return Optional.empty();
        });
  }

  private static Query behind(long place) {
    return LongPoint.newRangeQuery(PLACE, Math.addExact(place, 1), Long.MAX_VALUE);
  }

  @Override
  public boolean remove(long place) {
    return change(place, (committed, writer) -> {});
  }

  @Override
  public boolean replace(long place, String letter) {
    return change(place, (committed, writer) -> appending(committed, letter).carryOut(writer));
  }

  /** What goes with the removal of a letter. */
  private interface Beside {
    void carryOut(IndexSearcher committed, IndexWriter writer) throws IOException;
  }

  private boolean change(long place, Beside beside) {
    var found = new AtomicBoolean();
    commit(
        committed -> {
          var term = new Term(Terms.DEAD_LETTER, Long.toString(place));
          found.set(committed.count(new TermQuery(term)) > 0);
          return writer -> {
            if (found.get()) {
              writer.deleteDocuments(term);
              beside.carryOut(committed, writer);
            }
          };
        });
    return found.get();
  }

  @Override
  public long count() {
    return folder.ask(committed -> (long) committed.count(behind(0)));
  }

  private void commit(IndexFolder.Planner planner) {
    try {
      folder.commit(planner);
    } catch (ConcurrentUpdateException e) {
      throw new IllegalStateException("a dead letter compares no revision", e);
    }
  }
}
