package dev.freshet.store.lucene;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.Rendering;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/** Which of a table's documents a rendering has made. */
final class RenderedDocuments {

  /** So few are read one by one. */
  private static final int FEW = 1_000;

  private final IndexSearcher searcher;
  private final TableId table;

  RenderedDocuments(IndexSearcher searcher, TableId table) {
    this.searcher = searcher;
    this.table = table;
  }

  /**
   * Finds the states of the documents.
   *
   * @param rendering unknown: finds those that do not say, and documents of an earlier Freshet that
   *     wait for values
   */
  Query by(Rendering rendering) {
    return rendering.known()
        ? new TermQuery(Terms.rendered(table, rendering.text()))
        : new BooleanQuery.Builder()
            .add(DocumentPages.all(table), Occur.FILTER)
            .add(new TermQuery(Terms.term(Terms.TOLD_TABLE, table)), Occur.MUST_NOT)
            .build();
  }

  /** How many documents each rendering has made; of many that do not say, about how many. */
  Map<Rendering, Long> count(Set<Rendering> except) throws IOException {
    var counts = new HashMap<Rendering, Long>();
    if (!except.contains(Rendering.UNKNOWN)) {
      counts.put(Rendering.UNKNOWN, unknown());
    }
    var prefix = new BytesRef(Terms.ofTable(table));
    var terms = MultiTerms.getTerms(searcher.getIndexReader(), Terms.RENDERED);
    TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
    BytesRef term = each.seekCeil(prefix) == TermsEnum.SeekStatus.END ? null : each.term();
    while (term != null && StringHelper.startsWith(term, prefix)) {
      var rendering = new Rendering(term.utf8ToString().substring(prefix.utf8ToString().length()));
      if (rendering.known() && !except.contains(rendering)) {
        counts.put(rendering, (long) searcher.count(by(rendering)));
      }
      term = each.next();
    }
    // Deleted documents leave their terms until the files are merged.
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private long unknown() throws IOException {
    Query unknown = by(Rendering.UNKNOWN);
    int count = searcher.count(unknown);
    if (count > FEW) {
      return count;
    }
    long searchable = 0;
    for (var found : searcher.search(unknown, FEW).scoreDocs) {
      var fields = searcher.storedFields().document(found.doc, StateDocument.SEARCHABLE_FIELDS);
      searchable += new StateDocument(fields).searchable() ? 1 : 0;
    }
    return searchable;
  }
}
