package dev.freshet.capture;

import dev.freshet.ledger.NoteLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which PostgreSQL cluster the slot is of. A dump that is restored elsewhere has the same names,
 * and a log of its own.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA">pg_control_system</a>
 */
final class ClusterNote {

  private static final String MAY_ASK =
      "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";

  private static final String IDENTIFIER =
      "SELECT system_identifier::text FROM pg_control_system()";

  private final NoteLedger notes;
  private final String name;

  ClusterNote(NoteLedger notes, String slot) {
    this.notes = notes;
    this.name = "capture.cluster." + slot;
  }

  /**
   * Notes the cluster at first.
   *
   * @return whether it is another one than that which was noted; false where it does not tell
   */
  boolean isAnother(Connection source) throws SQLException {
    Optional<String> present = identifier(source);
    return present.isPresent() && !notes.claim(name, present.get()).equals(present.get());
  }

  private static Optional<String> identifier(Connection source) throws SQLException {
    return text(source, MAY_ASK).equals("t")
        ? Optional.of(text(source, IDENTIFIER))
        : Optional.empty();
  }

  private static String text(Connection source, String query) throws SQLException {
    try (var statement = source.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
