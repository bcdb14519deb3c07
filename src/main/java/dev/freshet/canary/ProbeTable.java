package dev.freshet.canary;

import dev.freshet.changeevent.TableId;
import dev.freshet.source.postgresql.SourceConnection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The table of the source that holds the probe row while it is on its way. */
final class ProbeTable implements AutoCloseable {

  /** Debezium sends a transaction's id without the count of its wraparounds. */
  private static final long TRANSACTION_BITS = 0xFFFF_FFFFL;

  private final SourceConnection source;
  private final String upsert;
  private final String delete;
  private final String clean;

  ProbeTable(SourceConnection source, TableId table) {
    this.source = source;
    String name = "\"" + table.schema() + "\".\"" + table.name() + "\"";
    this.upsert =
        """
        INSERT INTO %s (id, title, probed_at) VALUES (?, ?, now())
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, probed_at = excluded.probed_at
        RETURNING pg_current_xact_id()::text
        """
            .formatted(name);
    this.delete =
        "DELETE FROM %s WHERE id = ? RETURNING pg_current_xact_id()::text".formatted(name);
    this.clean = "DELETE FROM %s WHERE probed_at < now() - interval '1 hour'".formatted(name);
  }

  /** Commits the row; answers with its transaction. */
  long write(String key, String text) throws SQLException {
    return source.run(
        connection -> {
          try (var statement = connection.prepareStatement(upsert)) {
            statement.setString(1, key);
            statement.setString(2, text);
            return transaction(statement);
          }
        });
  }

  /** Commits the row's end; answers with its transaction. */
  long delete(String key) throws SQLException {
    return source.run(
        connection -> {
          try (var statement = connection.prepareStatement(delete)) {
            statement.setString(1, key);
            return transaction(statement);
          }
        });
  }

  /** Removes what a process left that was killed amid a probe. */
  void clean() throws SQLException {
    source.run(
        connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate(clean);
          }
        });
  }

  private static long transaction(PreparedStatement statement) throws SQLException {
    try (var row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the probe's row was gone");
      }
      return row.getLong(1) & TRANSACTION_BITS;
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
