package dev.freshet.source.postgresql;

import dev.freshet.ledger.NoteLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which PostgreSQL cluster is read. A dump that is restored elsewhere has the same names, and a log
 * of its own.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA">pg_control_system</a>
 */
public final class ClusterNote {

  private static final String MAY_ASK =
      "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";

  private static final String IDENTIFIER =
      "SELECT system_identifier::text FROM pg_control_system()";

  private final NoteLedger notes;
  private final String name;

  /**
   * @param name of the note
   */
  public ClusterNote(NoteLedger notes, String name) {
    this.notes = notes;
    this.name = name;
  }

  /**
   * Notes the cluster at first.
   *
   * @return whether it is another one than that which was noted; false where it does not tell
   */
  public boolean isAnother(Connection source) throws SQLException {
    Optional<String> present = identifier(source);
    return present.isPresent() && !notes.claim(name, present.get()).equals(present.get());
  }

  static Optional<String> identifier(Connection source) throws SQLException {
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
