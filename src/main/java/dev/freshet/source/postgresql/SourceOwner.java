package dev.freshet.source.postgresql;

import dev.freshet.changeevent.SourceName;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose the rows are that a connection reads. */
final class SourceOwner {

  private final SourceOwnership ownership;
  private final int epoch;

  /** Of which it is known: a connection stays with its cluster and database. */
  private volatile @Nullable Connection placed;

  SourceOwner(SourceOwnership ownership, int epoch) {
    this.ownership = ownership;
    this.epoch = epoch;
  }

  /** Empty before a change has said it. */
  Optional<SourceName> known() {
    return ownership.owner(epoch);
  }

  /**
   * As {@link #require}, of rows that are compared with the index or change it.
   *
   * @throws SourceRefusedException also by another cluster than that which was read before: names
   *     alone do not tell a dump that was restored elsewhere
   */
  SourceName requirePlace(Connection connection) throws SQLException, SourceRefusedException {
    String database = primary(connection);
    SourceName owner = requireOwner(database);
    if (connection != placed) {
      Optional<String> cluster = ClusterNote.identifier(connection);
      if (cluster.isPresent()) {
        requirePlace("%s/%s".formatted(cluster.get(), database));
      }
      placed = connection;
    }
    return owner;
  }

  private void requirePlace(String here) throws SourceRefusedException {
    String first = ownership.placeOfRows(epoch, here);
    if (!first.equals(here)) {
      throw new SourceRefusedException(
          "freshet.source.url leads to %s (cluster and database), and the rows of this index were read from %s; use the address of that one. If the source was restored or replaced, raise freshet.source-epoch by one and restart"
              .formatted(here, first));
    }
  }

  /**
   * The owner of what this connection reads.
   *
   * @throws SourceRefusedException by a standby, which writes no marks, and by another database,
   *     which has other rows
   */
  SourceName require(Connection connection) throws SQLException, SourceRefusedException {
    return requireOwner(primary(connection));
  }

  /** The database that a connection leads to, which is no standby's. */
  private static String primary(Connection connection) throws SQLException, SourceRefusedException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_is_in_recovery(), current_database()::text")) {
      row.next();
      if (row.getBoolean(1)) {
        throw SourceRefusedException.passing(
            "freshet.source.url leads to a standby, which cannot be marked; use the address of the"
                + " primary",
            null);
      }
      return row.getString(2);
    }
  }

  private SourceName requireOwner(String database) throws SourceRefusedException {
    var here = new SourceName("", database);
    SourceName owner = known().orElse(here);
    if (!owner.agreesWith(here)) {
      throw new SourceRefusedException(
          "freshet.source.url leads to the database '%s', and the index belongs to the source '%s';"
                  .formatted(database, owner)
              + " use the address of the database that is captured");
    }
    return owner;
  }
}
