package dev.freshet.store.lucene;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.PageInMemory;
import dev.freshet.ledger.StoredDocument;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/** Documents in the order of their ids: Lucene keeps the terms of a field in order. */
final class DocumentPages {

  private final IndexSearcher searcher;
  private final TableId table;

  DocumentPages(IndexSearcher searcher, TableId table) {
    this.searcher = searcher;
    this.table = table;
  }

  /** Finds the table's documents that are not deleted. */
  static Query all(TableId table) {
    return new TermQuery(Terms.term(Terms.LIVE_TABLE, table));
  }

  /**
   * The next documents.
   *
   * @param wanted finds states of this table, and nothing else
   * @param after the last document before; null at first
   */
  List<StoredDocument> next(Query wanted, @Nullable DocumentId after, int limit)
      throws IOException {
    var page = new PageInMemory(limit);
    var wantedIds = MultiTerms.getTerms(searcher.getIndexReader(), Terms.STATE);
    if (wantedIds == null) {
      return page.documents();
    }
    FixedBitSet found =
        Sequentially.collect(searcher, wanted, new Found(searcher.getIndexReader().maxDoc())).found;
    var first = new BytesRef(Terms.begin(DocumentId.of(table, "")));
    TermsEnum ids = wantedIds.iterator();
    BytesRef id = after == null ? seek(ids, first) : seekBehind(ids, after);
    while (id != null && StringHelper.startsWith(id, first) && !page.isFull()) {
      add(ids, found, page);
      id = ids.next();
    }
    return page.documents();
  }

  private static @Nullable BytesRef seek(TermsEnum ids, BytesRef id) throws IOException {
    return ids.seekCeil(id) == TermsEnum.SeekStatus.END ? null : ids.term();
  }

  private static @Nullable BytesRef seekBehind(TermsEnum ids, DocumentId document)
      throws IOException {
    var last = new BytesRef(Terms.bounded(document.toString()));
    BytesRef id = seek(ids, last);
    return last.equals(id) ? ids.next() : id;
  }

  /** Lucene documents that are deleted have terms until the files are merged. */
  private void add(TermsEnum id, FixedBitSet found, PageInMemory page) throws IOException {
    PostingsEnum places = id.postings(null, PostingsEnum.NONE);
    for (int place = places.nextDoc();
        place != DocIdSetIterator.NO_MORE_DOCS;
        place = places.nextDoc()) {
      if (found.get(place)) {
        var state = new StateDocument(searcher.storedFields().document(place));
        page.add(state.stored(), state.characters());
      }
    }
  }

  /** Which Lucene documents a query finds. */
  private static final class Found extends SimpleCollector {

    private final FixedBitSet found;
    private int base;

    Found(int documents) {
      this.found = new FixedBitSet(documents);
    }

    @Override
    protected void doSetNextReader(LeafReaderContext leaf) {
      base = leaf.docBase;
    }

    @Override
    public void collect(int document) {
      found.set(base + document);
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }
}
