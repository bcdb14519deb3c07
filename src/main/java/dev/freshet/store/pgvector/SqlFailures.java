package dev.freshet.store.pgvector;

import dev.freshet.FreshetException;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Translates what the driver throws, by SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
final class SqlFailures {

  private static final Set<String> CONCURRENT = Set.of("40001", "40P01", "23505", "23503");

  private static final Set<String> ROW = Set.of("22", "23", "54");
  private static final String CONNECTION = "08";
  private static final int CLASS_LENGTH = 2;

  private SqlFailures() {}

  /** Whether another transaction was in the way, and trying again helps. */
  static boolean isConcurrentUpdate(Throwable failure) {
    SQLException cause = sqlException(failure);
    return cause != null && cause.getSQLState() != null && CONCURRENT.contains(cause.getSQLState());
  }

  /**
   * What fails with the same row whenever it is tried is the row's fault: a data exception (class
   * 22), such as a NUL character in a text; a constraint (23) that no other transaction can have
   * broken; a limit of the program (54), such as a value that is too long for an index or nested
   * too deeply. Anything else that PostgreSQL says is the infrastructure's. A failure behind which
   * PostgreSQL has not spoken at all is a defect here.
   */
  static FreshetException translate(Throwable failure) {
    SQLException cause = sqlException(failure);
    if (cause == null) {
      return new RejectedException(
          RejectionReason.INTERNAL_ERROR,
          "the store fails with " + failure.getClass().getSimpleName() + ", a defect of Freshet's");
    }
    String state = cause.getSQLState();
    if (state != null && isFaultOfTheRow(state)) {
      // The messages of the driver and of Jdbi quote the value, so they are left behind.
      return new RejectedException(
          RejectionReason.REFUSED_BY_SINK,
          "PostgreSQL cannot store a value of this row (SQLSTATE "
              + state
              + "); a key of more than 2,700 bytes is the usual reason");
    }
    // Jdbi's exception lists the statement's arguments, which no log may show.
    return new UnavailableException(
        "PostgreSQL does not take the index"
            + (state == null ? "" : " (SQLSTATE " + state + ")")
            + ": "
            + reason(failure)
            + advice(state),
        cause);
  }

  /** Where to look when there is no connection at all. */
  static String advice(@Nullable String state) {
    return state != null && state.startsWith(CONNECTION)
        ? "; see freshet.jdbc.url (FRESHET_JDBC_URL)"
        : "";
  }

  private static boolean isFaultOfTheRow(String state) {
    return !CONCURRENT.contains(state) && ROW.contains(state.substring(0, CLASS_LENGTH));
  }

  /** What is wrong, in one line. */
  static String reason(Throwable failure) {
    SQLException cause = sqlException(failure);
    return firstLine(cause == null ? failure.getMessage() : cause.getMessage());
  }

  /** The SQLSTATE of the failure, where PostgreSQL or its driver gives one. */
  static Optional<String> state(Throwable failure) {
    SQLException cause = sqlException(failure);
    return Optional.ofNullable(cause == null ? null : cause.getSQLState());
  }

  private static @Nullable SQLException sqlException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        // A batch's own exception says less than the one behind it.
        return sql.getNextException() == null ? sql : sql.getNextException();
      }
    }
    return null;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("");
  }
}
