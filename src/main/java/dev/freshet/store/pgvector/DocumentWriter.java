package dev.freshet.store.pgvector;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.IndexedDocument;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StateJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes the states of documents. */
final class DocumentWriter {

  private static final ObjectNode NO_METADATA = JsonNodeFactory.instance.objectNode();

  private final Handle handle;

  DocumentWriter(Handle handle) {
    this.handle = handle;
  }

  /**
   * Inserts or replaces.
   *
   * @param contents of those documents that searches find
   * @throws ConcurrentUpdateException when another transaction has inserted one of them meanwhile
   */
  void write(List<DocumentWrite> writes, Map<DocumentId, IndexedDocument> contents)
      throws ConcurrentUpdateException {
    if (writes.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO freshet_document AS d
              (document_id, table_name, joined_key, deleted, position, tx_id, committed_at,
               captured_at, received_at, columns, version, past, has_past, content_hash,
               metadata_hash, rendered_by, indexed_at, embedded_at, embedded, metadata, metadata_bytes,
               flattened, terms, revision)
            VALUES
              (:id, :table, :key, :deleted, :position, :txId, :committedAt,
               :capturedAt, :receivedAt, CAST(:columns AS json), CAST(:version AS json),
               CAST(:past AS json), :hasPast, :contentHash, :metadataHash, :renderedBy, :indexedAt,
               :embeddedAt, :embedded, CAST(:metadata AS jsonb), :metadataBytes,
               CAST(:flattened AS jsonb), :terms, :revision)
            ON CONFLICT (document_id) DO UPDATE SET
              deleted = excluded.deleted, position = excluded.position, tx_id = excluded.tx_id,
              committed_at = excluded.committed_at, captured_at = excluded.captured_at,
              received_at = excluded.received_at, columns = excluded.columns,
              version = excluded.version, past = excluded.past, has_past = excluded.has_past,
              content_hash = excluded.content_hash, metadata_hash = excluded.metadata_hash,
              rendered_by = excluded.rendered_by,
              indexed_at = excluded.indexed_at, embedded_at = excluded.embedded_at,
              embedded = excluded.embedded, metadata = excluded.metadata,
              metadata_bytes = excluded.metadata_bytes, flattened = excluded.flattened,
              terms = excluded.terms, revision = excluded.revision
            WHERE d.revision = excluded.revision - 1
            """);
    for (DocumentWrite write : writes) {
      IndexedDocument content = contents.get(write.state().id());
      bind(batch, write, content == null ? NO_METADATA : content.metadata());
    }
    for (int written : batch.execute()) {
      if (written == 0) {
        throw new ConcurrentUpdateException("a document was inserted meanwhile");
      }
    }
  }

  /** Replaces the past of documents whose revisions were compared and are locked. */
  void writePasts(List<PastWrite> writes) {
    if (writes.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE freshet_document
            SET past = CAST(:past AS json), has_past = :hasPast, revision = :revision
            WHERE document_id = :id
            """);
    for (PastWrite write : writes) {
      batch
          .bind("id", write.state().id().toString())
          .bind("past", StateJson.of(write.state()).past())
          .bind("hasPast", !write.state().past().versions().isEmpty())
          .bind("revision", write.expectedRevision() + 1)
          .add();
    }
    batch.execute();
  }

  private static void bind(PreparedBatch batch, DocumentWrite write, ObjectNode values) {
    DocumentState state = write.state();
    Origin origin = state.origin();
    StateJson json = StateJson.of(state);
    String metadata = values.toString();
    batch
        .bind("id", state.id().toString())
        .bind("table", state.id().table().toString())
        .bind("key", state.id().joinedKey())
        .bind("deleted", state.deleted())
        .bind("position", state.position().sortKey())
        .bind("txId", origin.txId())
        .bind("committedAt", timestamp(origin.committedAt()))
        .bind("capturedAt", timestamp(origin.capturedAt()))
        .bind("receivedAt", timestamp(origin.receivedAt()))
        .bind("columns", json.columns())
        .bind("version", json.version())
        .bind("past", json.past())
        .bind("hasPast", !state.past().versions().isEmpty())
        .bind("contentHash", write.contentHash())
        .bind("metadataHash", write.metadataHash())
        .bind("renderedBy", write.renderedBy().text())
        .bind("indexedAt", timestamp(write.indexedAt()))
        .bind("embeddedAt", timestamp(write.embeddedAt()))
        .bind("embedded", write.embedded())
        .bind("metadata", metadata)
        .bind("metadataBytes", metadata.getBytes(StandardCharsets.UTF_8).length)
        .bind("flattened", FlatMetadata.of(state.id(), values).toString())
        .bindArray("terms", String.class, FilterTerms.of(values))
        .bind("revision", write.expectedRevision() + 1)
        .add();
  }

  private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
