package dev.freshet.store.lucene;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.TableTruncation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;

/** The Lucene documents of failed documents, in one commit. */
final class FailureDocuments {

  private static final String POSITION = "position";
  private static final String REASON = "reason";
  private static final String DETAIL = "detail";
  private static final String FAILED_AT = "failedAt";
  private static final String FAILED_COLUMN = "failedAtColumn";

  private static final Query ALL = new PrefixQuery(new Term(Terms.FAILURE, ""));

  private final IndexSearcher searcher;

  FailureDocuments(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  static Term term(DocumentId id) {
    return Terms.term(Terms.FAILURE, id);
  }

  static Document of(DocumentFailure failure) {
    var fields = new Document();
    Term table = Terms.term(Terms.FAILURE_TABLE, failure.id().table());
    fields.add(new StringField(Terms.FAILURE, term(failure.id()).text(), Store.NO));
    fields.add(new StringField(table.field(), table.text(), Store.NO));
    StateDocument.addId(fields, failure.id());
    fields.add(new StoredField(POSITION, failure.position().sortKey()));
    fields.add(new StoredField(REASON, failure.reason().label()));
    fields.add(new StoredField(DETAIL, failure.detail()));
    fields.add(new StoredField(FAILED_AT, failure.failedAt().toString()));
    fields.add(new NumericDocValuesField(FAILED_COLUMN, Columns.of(failure.failedAt())));
    return fields;
  }

  Optional<DocumentFailure> of(DocumentId id) throws IOException {
    return find(term(id), 1).stream().findFirst();
  }

  /** Those without the column, of an older index, come last. */
  List<DocumentFailure> newest(int limit) throws IOException {
    var found = new ArrayList<DocumentFailure>();
    for (ScoreDoc hit : searcher.search(ALL, limit, Columns.newestFirst(FAILED_COLUMN)).scoreDocs) {
      found.add(failure(searcher.storedFields().document(hit.doc)));
    }
    return found;
  }

  long count() throws IOException {
    return searcher.count(ALL);
  }

  /** The terms of the failures that the update heals. */
  List<Term> healedBy(LedgerUpdate update) throws IOException {
    var healed = new ArrayList<Term>();
    for (DocumentWrite write : update.documents()) {
      of(write.state().id())
          .filter(failure -> failure.isHealedBy(update))
          .ifPresent(failure -> healed.add(term(failure.id())));
    }
    for (TableTruncation truncation : update.truncations()) {
      Term table = Terms.term(Terms.FAILURE_TABLE, truncation.table());
      find(table, Math.max(1, searcher.count(new TermQuery(table)))).stream()
          .filter(failure -> failure.isHealedBy(update))
          .forEach(failure -> healed.add(term(failure.id())));
    }
    return healed;
  }

  private List<DocumentFailure> find(Term term, int limit) throws IOException {
    var found = new ArrayList<DocumentFailure>();
    for (ScoreDoc hit : searcher.search(new TermQuery(term), limit).scoreDocs) {
      found.add(failure(searcher.storedFields().document(hit.doc)));
    }
    return found;
  }

  private static DocumentFailure failure(Document fields) {
    return new DocumentFailure(
        StateDocument.id(fields),
        Position.parse(fields.get(POSITION)),
        RejectionReason.ofLabel(fields.get(REASON)),
        fields.get(DETAIL),
        Instant.parse(fields.get(FAILED_AT)));
  }
}
