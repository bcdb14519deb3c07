package dev.freshet.source.postgresql;

import dev.freshet.changeevent.SourceName;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Whose the rows are that a connection reads. */
final class SourceOwner {

  private final SourceOwnership ownership;
  private final int epoch;

  SourceOwner(SourceOwnership ownership, int epoch) {
    this.ownership = ownership;
    this.epoch = epoch;
  }

  /** Empty before a change has said it. */
  Optional<SourceName> known() {
    return ownership.owner(epoch);
  }

  /**
   * The owner of what this connection reads.
   *
   * @throws SourceRefusedException by a standby, which writes no marks, and by another database,
   *     which has other rows
   */
  SourceName require(Connection connection) throws SQLException, SourceRefusedException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_is_in_recovery(), current_database()::text")) {
      row.next();
      if (row.getBoolean(1)) {
        throw SourceRefusedException.passing(
            "freshet.source.url leads to a standby, which cannot be marked; use the address of the"
                + " primary",
            null);
      }
      var here = new SourceName("", row.getString(2));
      SourceName owner = known().orElse(here);
      if (!owner.agreesWith(here)) {
        throw new SourceRefusedException(
            "freshet.source.url leads to the database '%s', and the index belongs to the source '%s';"
                    .formatted(here.database(), owner)
                + " use the address of the database that is captured");
      }
      return owner;
    }
  }
}
