package dev.freshet.store.lucene;

import dev.freshet.changeevent.TableId;
import dev.freshet.ledger.TableCoverage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Counts what one commit holds of each table. */
final class Coverage {

  private final IndexSearcher searcher;

  Coverage(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  List<TableCoverage> all() throws IOException {
    var coverage = new ArrayList<TableCoverage>();
    for (TableId table : tables(Terms.STATE_TABLE, Terms.FAILURE_TABLE, Terms.TRUNCATED_TABLE)) {
      coverage.add(of(table));
    }
    return coverage;
  }

  /** How many segments each table has. */
  Map<TableId, Long> segments() throws IOException {
    var segments = new HashMap<TableId, Long>();
    for (TableId table : tables(Terms.SEGMENT_TABLE)) {
      segments.put(table, (long) count(Terms.SEGMENT_TABLE, Terms.bounded(table.toString())));
    }
    return segments;
  }

  private SortedSet<TableId> tables(String... fields) throws IOException {
    var tables = new TreeSet<TableId>();
    for (String field : fields) {
      var terms = MultiTerms.getTerms(searcher.getIndexReader(), field);
      if (terms != null) {
        var each = terms.iterator();
        for (BytesRef term = each.next(); term != null; term = each.next()) {
          // Deleted documents leave their terms until the files are merged.
          if (count(field, term.utf8ToString()) > 0) {
            tables.add(TableId.parse(term.utf8ToString()));
          }
        }
      }
    }
    return tables;
  }

  private TableCoverage of(TableId table) throws IOException {
    String name = Terms.bounded(table.toString());
    Query states = query(Terms.STATE_TABLE, name);
    int documents = count(Terms.LIVE_TABLE, name);
    return new TableCoverage(
        table,
        documents,
        searcher.count(states) - documents,
        count(Terms.FAILURE_TABLE, name),
        newest(states, StateDocument.COMMITTED_COLUMN),
        newest(states, StateDocument.INDEXED_COLUMN));
  }

  private @Nullable Instant newest(Query states, String column) throws IOException {
    var found = searcher.search(states, 1, Columns.newestFirst(column)).scoreDocs;
    if (found.length == 0 || !(found[0] instanceof FieldDoc first)) {
      return null;
    }
    long value = (Long) first.fields[0];
    return value == Columns.MISSING ? null : Columns.instant(value);
  }

  private int count(String field, String table) throws IOException {
    return searcher.count(query(field, table));
  }

  private static Query query(String field, String table) {
    return new TermQuery(Terms.term(field, table));
  }
}
