package dev.freshet.store.pgvector;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.ledger.PageInMemory;
import dev.freshet.ledger.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Pages of a table's documents in the order of their ids, and what has made them. */
final class DocumentPages {

  /** The driver holds the rows of one fetch, which may be large. */
  private static final int FETCH = 8;

  /** The order of {@code freshet_document_page}, which has the beginning of each id. */
  private static final String BEHIND =
      """
       AND left(d.document_id, 400) COLLATE "C" >= left(:after, 400) COLLATE "C"
        AND d.document_id COLLATE "C" > :after COLLATE "C"
      ORDER BY left(d.document_id, 400) COLLATE "C", d.document_id COLLATE "C" LIMIT :limit
      """;

  private static final String SEARCHABLE =
      " FROM freshet_document WHERE table_name = :table AND content_hash <> '' ";

  private final Handle handle;
  private final TableId table;

  DocumentPages(Handle handle, TableId table) {
    this.handle = handle;
    this.table = table;
  }

  List<StoredDocument> all(@Nullable DocumentId after, int limit) {
    return page("WHERE d.table_name = :table AND NOT d.deleted", Map.of(), after, limit);
  }

  List<StoredDocument> renderedBy(Rendering rendering, @Nullable DocumentId after, int limit) {
    return page(
        "WHERE d.table_name = :table AND d.content_hash <> '' AND d.rendered_by = :rendering",
        Map.of("rendering", rendering.text()),
        after,
        limit);
  }

  private List<StoredDocument> page(
      String where, Map<String, String> values, @Nullable DocumentId after, int limit) {
    var page = new PageInMemory(limit);
    Query query =
        handle
            .createQuery(PgvectorIndexStore.DOCUMENTS + where + BEHIND)
            .bind("table", table.toString())
            .bindMap(values)
            .bind("after", after == null ? "" : after.toString())
            .bind("limit", limit)
            .setFetchSize(FETCH);
    try (var rows =
        query.map((row, context) -> Map.entry(Rows.document(row), length(row))).stream()) {
      Iterator<Map.Entry<StoredDocument, Long>> each = rows.iterator();
      while (!page.isFull() && each.hasNext()) {
        Map.Entry<StoredDocument, Long> next = each.next();
        page.add(next.getKey(), next.getValue());
      }
    }
    return page.documents();
  }

  private static long length(ResultSet row) throws SQLException {
    String past = row.getString("past");
    return (long) row.getString("columns").length() + (past == null ? 0 : past.length());
  }

  /** Goes from one rendering to the next by the index, and counts only what is asked for. */
  Map<Rendering, Long> renderings(Set<Rendering> except) {
    var counts = new HashMap<Rendering, Long>();
    Optional<Rendering> rendering = Optional.of(Rendering.UNKNOWN);
    while (rendering.isPresent()) {
      Rendering present = rendering.get();
      if (!except.contains(present)) {
        counts.put(present, count(present));
      }
      rendering = next(present);
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private long count(Rendering rendering) {
    return handle
        .createQuery("SELECT count(*)" + SEARCHABLE + "AND rendered_by = :rendering")
        .bind("table", table.toString())
        .bind("rendering", rendering.text())
        .mapTo(Long.class)
        .one();
  }

  private Optional<Rendering> next(Rendering after) {
    return handle
        .createQuery(
            "SELECT rendered_by"
                + SEARCHABLE
                + "AND rendered_by > :after ORDER BY rendered_by LIMIT 1")
        .bind("table", table.toString())
        .bind("after", after.text())
        .mapTo(String.class)
        .findOne()
        .map(Rendering::new);
  }
}
