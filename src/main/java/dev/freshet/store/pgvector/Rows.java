package dev.freshet.store.pgvector;

import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.index.Hit;
import dev.freshet.ledger.StateJson;
import dev.freshet.ledger.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads rows of the index's tables. */
final class Rows {

  private Rows() {}

  static StoredDocument document(ResultSet row) throws SQLException {
    return new StoredDocument(
        state(row),
        row.getLong("revision"),
        row.getString("content_hash"),
        row.getString("metadata_hash"),
        new Rendering(row.getString("rendered_by")),
        required(row, "indexed_at"),
        instant(row, "embedded_at"),
        row.getObject("embedded", Integer.class));
  }

  static DocumentState state(ResultSet row) throws SQLException {
    var state =
        new StateJson(row.getString("columns"), row.getString("version"), row.getString("past"));
    return state.state(documentId(row), origin(row), row.getBoolean("deleted"));
  }

  static Hit hit(ResultSet row) throws SQLException {
    return new Hit(
        documentId(row),
        row.getInt("ordinal"),
        row.getString("text"),
        row.getDouble("score"),
        null,
        origin(row),
        required(row, "indexed_at"));
  }

  static DocumentId documentId(ResultSet row) throws SQLException {
    return DocumentId.of(TableId.parse(row.getString("table_name")), row.getString("joined_key"));
  }

  private static Origin origin(ResultSet row) throws SQLException {
    return new Origin(
        Position.parse(row.getString("position")),
        row.getObject("tx_id", Long.class),
        instant(row, "committed_at"),
        instant(row, "captured_at"),
        required(row, "received_at"));
  }

  static Instant required(ResultSet row, String column) throws SQLException {
    Timestamp timestamp = row.getTimestamp(column);
    return timestamp.toInstant();
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
