package dev.freshet.store.pgvector;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.LedgerUpdate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads and writes the rows of failed documents, inside a transaction. */
final class FailureRows {

  private final Handle handle;

  FailureRows(Handle handle) {
    this.handle = handle;
  }

  /** Deletes the failures that the update heals. */
  void heal(LedgerUpdate update) {
    var candidates =
        new ArrayList<>(
            ofDocuments(update.documents().stream().map(write -> write.state().id()).toList()));
    update.truncations().forEach(truncation -> candidates.addAll(ofTable(truncation.table())));
    List<String> healed =
        candidates.stream()
            .filter(failure -> failure.isHealedBy(update))
            .map(failure -> failure.id().toString())
            .toList();
    if (!healed.isEmpty()) {
      handle
          .createUpdate("DELETE FROM freshet_failure WHERE document_id = ANY(:ids)")
          .bindArray("ids", String.class, healed)
          .execute();
    }
  }

  Optional<DocumentFailure> of(DocumentId id) {
    return ofDocuments(List.of(id)).stream().findFirst();
  }

  List<DocumentFailure> ofDocuments(Collection<DocumentId> ids) {
    return ids.isEmpty()
        ? List.of()
        : handle
            .createQuery("SELECT * FROM freshet_failure WHERE document_id = ANY(:ids)")
            .bindArray("ids", String.class, ids.stream().map(DocumentId::toString).toList())
            .map((row, context) -> failure(row))
            .list();
  }

  List<DocumentFailure> newest(int limit) {
    return handle
        .createQuery("SELECT * FROM freshet_failure ORDER BY failed_at DESC, document_id LIMIT :n")
        .bind("n", limit)
        .map((row, context) -> failure(row))
        .list();
  }

  long count() {
    return handle.createQuery("SELECT count(*) FROM freshet_failure").mapTo(Long.class).one();
  }

  private List<DocumentFailure> ofTable(TableId table) {
    return handle
        .createQuery("SELECT * FROM freshet_failure WHERE table_name = :table")
        .bind("table", table.toString())
        .map((row, context) -> failure(row))
        .list();
  }

  private static DocumentFailure failure(ResultSet row) throws SQLException {
    return new DocumentFailure(
        Rows.documentId(row),
        Position.parse(row.getString("position")),
        RejectionReason.ofLabel(row.getString("reason")),
        row.getString("detail"),
        row.getObject("failed_at", OffsetDateTime.class).toInstant());
  }

  void put(DocumentFailure failure) {
    handle
        .createUpdate(
            """
            INSERT INTO freshet_failure
              (document_id, table_name, joined_key, position, reason, detail, failed_at)
            VALUES (:id, :table, :key, :position, :reason, :detail, :failedAt)
            ON CONFLICT (document_id) DO UPDATE SET
              position = excluded.position, reason = excluded.reason, detail = excluded.detail,
              failed_at = excluded.failed_at
            """)
        .bind("id", failure.id().toString())
        .bind("table", failure.id().table().toString())
        .bind("key", failure.id().joinedKey())
        .bind("position", failure.position().sortKey())
        .bind("reason", failure.reason().label())
        .bind("detail", failure.detail())
        .bind("failedAt", failure.failedAt().atOffset(ZoneOffset.UTC))
        .execute();
  }

  void delete(DocumentId id, Position position) {
    handle
        .createUpdate("DELETE FROM freshet_failure WHERE document_id = :id AND position = :at")
        .bind("id", id.toString())
        .bind("at", position.sortKey())
        .execute();
  }
}
