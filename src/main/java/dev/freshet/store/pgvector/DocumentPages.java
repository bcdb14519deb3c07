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

  /** Goes from one rendering to the next by the index, and counts only what is asked for. */
  private static final String RENDERINGS =
      """
      WITH RECURSIVE made AS (
          (SELECT rendered_by FROM freshet_document
           WHERE table_name = :table AND content_hash <> '' ORDER BY rendered_by LIMIT 1)
        UNION ALL
          SELECT (SELECT d.rendered_by FROM freshet_document d
                  WHERE d.table_name = :table AND d.content_hash <> ''
                    AND d.rendered_by > made.rendered_by
                  ORDER BY d.rendered_by LIMIT 1)
          FROM made WHERE made.rendered_by IS NOT NULL)
      SELECT made.rendered_by,
        (SELECT count(*) FROM freshet_document d
         WHERE d.table_name = :table AND d.content_hash <> ''
           AND d.rendered_by = made.rendered_by) AS documents
      FROM made WHERE made.rendered_by IS NOT NULL AND made.rendered_by <> ALL(:except)
      """;

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

  Map<Rendering, Long> renderings(Set<Rendering> except) {
    var counts = new HashMap<Rendering, Long>();
    handle
        .createQuery(RENDERINGS)
        .bind("table", table.toString())
        .bindArray("except", String.class, except.stream().map(Rendering::text).toList())
        .map((row, context) -> Map.entry(new Rendering(row.getString(1)), row.getLong(2)))
        .forEach(row -> counts.put(row.getKey(), row.getValue()));
    return counts;
  }
}
