package dev.freshet.source.postgresql;

import dev.freshet.OneLine;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.source.SourceRefusedException;
import java.sql.SQLException;

/** What an error of the source means to whoever reads a table. */
final class SourceFaults {

  private static final String NO_RIGHT = "42501";
  private static final String TIMEOUT = "57014";
  private static final String LOCKED = "55P03";

  private SourceFaults() {}

  /** Whether a value is none of the type that it is cast to. */
  static boolean isOfValue(SQLException fault) {
    // Some extensions call a value that they cannot read a syntax error.
    return state(fault).startsWith("22") || state(fault).equals("42601");
  }

  /** Whether the statement took too long, or waited too long for a lock. */
  static boolean isImpatience(SQLException fault) {
    return state(fault).equals(TIMEOUT) || state(fault).equals(LOCKED);
  }

  /**
   * @param condition whether the statement had a condition of the caller's
   * @return what is to be thrown where a later attempt may succeed
   * @throws SourceRefusedException where none can
   */
  static UnavailableException translated(SQLException fault, TableId table, boolean condition)
      throws SourceRefusedException {
    String message = OneLine.of(String.valueOf(fault.getMessage()));
    String state = state(fault);
    if (state.equals(NO_RIGHT)) {
      throw new SourceRefusedException(
          message.contains("row-level security")
              ? "the table %s shows the user of freshet.source.url some rows only (row-level security), and the others would look deleted; let a superuser run: ALTER ROLE that user BYPASSRLS"
                  .formatted(table)
              : "the source refuses to read %s (%s); let its owner run: GRANT SELECT ON %s TO the user of freshet.source.url"
                  .formatted(table, message, Sql.quoted(table)),
          fault);
    }
    if (condition && (state.startsWith("22") || state.equals("42883") || state.equals("42804"))) {
      throw new SourceRefusedException(
          "the condition does not fit the columns of %s: %s; compare each column with a value of its type"
              .formatted(table, message),
          fault);
    }
    if (state.startsWith("28") || state.equals("3D000")) {
      throw SourceRefusedException.passing(
          "the source refuses the connection (%s); mend freshet.source.url, user or password"
              .formatted(message),
          fault);
    }
    if (state.startsWith("54")) {
      throw new SourceRefusedException(
          "a row of %s is larger than PostgreSQL can send (%s); leave large columns out by freshet.tables.%s.exclude"
              .formatted(table, message, table),
          fault);
    }
    if (state.equals(LOCKED)) {
      return new UnavailableException(
          "a transaction of the source has locked %s; pg_locks and pg_stat_activity tell which, and it is read when that has ended"
              .formatted(table),
          fault);
    }
    return new UnavailableException(
        state.equals(TIMEOUT) ? slow(table, condition) : "the source does not answer: " + message,
        fault);
  }

  private static String slow(TableId table, boolean condition) {
    return condition
        ? "the source needs too long to find the next rows of %s that meet the condition; an index of the condition's columns and the key helps, or no condition"
            .formatted(table)
        : "the source needs too long to read a page of %s; an index of its key columns helps"
            .formatted(table);
  }

  private static String state(SQLException fault) {
    return String.valueOf(fault.getSQLState());
  }
}
