package dev.freshet.capture;

import dev.freshet.changeevent.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replication slot as the source shows it.
 *
 * @param plugin {@code pgoutput} is what Freshet reads
 * @param database where its changes are
 * @param confirmed before this place everything was settled; null while it was never read
 * @param restart from where on the server reads its log for the slot: no change that the slot has
 *     is older; null while it was never read
 * @param status PostgreSQL's {@code wal_status}; {@code lost} when the log that the slot needs is
 *     gone
 * @param retainedBytes how much of the log the server keeps for it
 * @see <a
 *     href="https://www.postgresql.org/docs/current/view-pg-replication-slots.html">pg_replication_slots</a>
 */
record Slot(
    @Nullable String plugin,
    @Nullable String database,
    @Nullable Lsn confirmed,
    @Nullable Lsn restart,
    @Nullable String status,
    long retainedBytes) {

  private static final String QUERY =
      """
      SELECT plugin, database, confirmed_flush_lsn::text, restart_lsn::text, wal_status,
        coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
      FROM pg_replication_slots WHERE slot_name = ?
      """;

  static Optional<Slot> read(Connection source, String name) throws SQLException {
    try (var statement = source.prepareStatement(QUERY)) {
      statement.setString(1, name);
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Slot(
                row.getString(1),
                row.getString(2),
                lsn(row.getString(3)),
                lsn(row.getString(4)),
                row.getString(5),
                row.getLong(6)));
      }
    }
  }

  private static @Nullable Lsn lsn(@Nullable String text) {
    return text == null ? null : Lsn.parse(text);
  }

  boolean isLost() {
    return "lost".equals(status);
  }
}
