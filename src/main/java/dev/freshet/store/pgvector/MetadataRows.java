package dev.freshet.store.pgvector;

import dev.freshet.document.DocumentId;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.MetadataSelection;
import dev.freshet.ledger.StateJson;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the metadata of documents, and holds no more of it than is asked for. */
final class MetadataRows {

  private final Handle handle;
  private final @Nullable List<String> columns;
  private final long maxBytes;

  MetadataRows(Handle handle, MetadataSelection selection) {
    this.handle = handle;
    this.columns = selection.columns();
    this.maxBytes = selection.maxBytes();
  }

  List<DocumentMetadata> read(List<DocumentId> documents) {
    Map<DocumentId, Integer> sizes = sizes(documents);
    var read = new ArrayList<DocumentMetadata>();
    var next = new ArrayList<DocumentId>();
    long nextBytes = 0;
    long left = maxBytes;
    for (DocumentId id : documents) {
      Integer size = sizes.get(id);
      if (size == null || (columns == null && nextBytes + size > left)) {
        continue;
      }
      if (!next.isEmpty() && nextBytes + size > left) {
        left -= readInto(read, next, left);
        next.clear();
        nextBytes = 0;
      }
      next.add(id);
      nextBytes += size;
    }
    readInto(read, next, left);
    return read;
  }

  private Map<DocumentId, Integer> sizes(List<DocumentId> documents) {
    var sizes = new HashMap<DocumentId, Integer>();
    handle
        .createQuery(
            """
            SELECT table_name, joined_key, metadata_bytes FROM freshet_document
            WHERE document_id = ANY(:ids) AND metadata IS NOT NULL AND NOT deleted
            """)
        .bindArray("ids", String.class, ids(documents))
        .map((row, context) -> Map.entry(Rows.documentId(row), row.getInt("metadata_bytes")))
        .forEach(entry -> sizes.put(entry.getKey(), entry.getValue()));
    return sizes;
  }

  /** Reads those that fit, and answers how many bytes they have. */
  private long readInto(List<DocumentMetadata> read, List<DocumentId> documents, long most) {
    if (documents.isEmpty()) {
      return 0;
    }
    var found = new HashMap<DocumentId, DocumentMetadata>();
    var query = handle.createQuery(columns == null ? whole() : chosen());
    if (columns != null) {
      query.bindArray("columns", String.class, columns);
    }
    query
        .bindArray("ids", String.class, ids(documents))
        .map((row, context) -> metadata(row))
        .forEach(one -> found.put(one.id(), one));
    long bytes = 0;
    for (DocumentId id : documents) {
      DocumentMetadata one = found.get(id);
      if (one != null && bytes + one.bytes() <= most) {
        bytes += one.bytes();
        read.add(one);
      }
    }
    return bytes;
  }

  private static String whole() {
    return """
        SELECT table_name, joined_key, indexed_at, metadata FROM freshet_document
        WHERE document_id = ANY(:ids)
        """;
  }

  private static String chosen() {
    return """
        SELECT table_name, joined_key, indexed_at,
          (SELECT coalesce(jsonb_object_agg(key, value), '{}')
           FROM jsonb_each(metadata) WHERE key = ANY(:columns)) AS metadata
        FROM freshet_document WHERE document_id = ANY(:ids)
        """;
  }

  private static List<String> ids(List<DocumentId> documents) {
    return documents.stream().map(DocumentId::toString).toList();
  }

  private static DocumentMetadata metadata(ResultSet row) throws SQLException {
    var values = StateJson.object(row.getString("metadata"));
    int bytes = values.toString().getBytes(StandardCharsets.UTF_8).length;
    return new DocumentMetadata(
        Rows.documentId(row), Rows.required(row, "indexed_at"), values, bytes);
  }
}
