package dev.freshet.store.pgvector;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Tells which segments documents and tables have. */
final class SegmentRows {

  private SegmentRows() {}

  /** The ids of the documents' segments, in order. */
  static Map<DocumentId, List<UUID>> of(Handle handle, Set<DocumentId> documents) {
    Map<String, DocumentId> byName =
        documents.stream().collect(Collectors.toMap(DocumentId::toString, Function.identity()));
    var segments = new HashMap<DocumentId, List<UUID>>();
    handle
        .createQuery(
            """
            SELECT document_id, array_agg(embedding_id ORDER BY ordinal) AS segments
            FROM freshet_text_segment WHERE document_id = ANY(:ids) GROUP BY document_id
            """)
        .bindArray("ids", String.class, byName.keySet())
        .map((row, context) -> Map.entry(row.getString("document_id"), ids(row)))
        .forEach(row -> segments.put(byName.get(row.getKey()), row.getValue()));
    return segments;
  }

  private static List<UUID> ids(ResultSet row) throws SQLException {
    Object[] ids = (Object[]) row.getArray("segments").getArray();
    return Stream.of(ids).map(UUID.class::cast).toList();
  }

  /** How many segments each table has. */
  static Map<TableId, Long> count(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT d.table_name, sum(s.segments) AS segments
            FROM (SELECT document_id, count(*) AS segments
                  FROM freshet_text_segment GROUP BY document_id) s
              JOIN freshet_document d USING (document_id)
            GROUP BY d.table_name
            """)
        .map(
            (row, context) ->
                Map.entry(TableId.parse(row.getString("table_name")), row.getLong("segments")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
