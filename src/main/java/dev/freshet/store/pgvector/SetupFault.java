package dev.freshet.store.pgvector;

import dev.freshet.MisconfiguredException;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps PostgreSQL from being the index until somebody changes something, and the mend.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
final class SetupFault {

  private static final Set<String> REFUSED_USER = Set.of("28P01", "28000");

  /** The driver's own: the server wants a password and there is none, or it speaks no TLS. */
  private static final String REFUSED_CONNECTION = "08004";

  private static final String NO_DATABASE = "3D000";
  private static final String NO_RIGHT = "42501";
  private static final String ALREADY_THERE = "42P07";
  private static final String HAS_DEPENDENTS = "2BP01";

  /** As the server says it in English; in another language the general advice is given. */
  private static final String NOT_OWNER = "must be owner";

  /** PostgreSQL 17 and newer, and the older ones, which look for a file. */
  private static final Set<String> NO_EXTENSION = Set.of("0A000", "58P01");

  /** Syntax, names and rights: what a statement can do does not change by waiting. */
  private static final String STATEMENT_CLASS = "42";

  private SetupFault() {}

  /** What is wrong with the connection; empty for what may heal. */
  static Optional<MisconfiguredException> ofConnection(Throwable failure) {
    String state = SqlFailures.state(failure).orElse("");
    boolean lacksPassword =
        REFUSED_CONNECTION.equals(state) && SqlFailures.reason(failure).contains("password");
    if (lacksPassword || REFUSED_USER.contains(state)) {
      return fault(
          failure,
          "PostgreSQL refuses the user: %s; set FRESHET_JDBC_USER and FRESHET_JDBC_PASSWORD"
              + " (freshet.jdbc.user, freshet.jdbc.password)");
    }
    if (NO_DATABASE.equals(state)) {
      return fault(
          failure,
          "PostgreSQL lacks the database: %s; create it, or name another in FRESHET_JDBC_URL"
              + " (freshet.jdbc.url)");
    }
    return Optional.empty();
  }

  /** What keeps pgvector from being there; empty for what may heal. */
  static Optional<MisconfiguredException> ofExtension(Throwable failure) {
    String state = SqlFailures.state(failure).orElse("");
    if (NO_RIGHT.equals(state)) {
      return fault(
          failure,
          "The extension vector is missing, and Freshet may not create it (%s): run CREATE"
              + " EXTENSION vector as a superuser in this database");
    }
    if (NO_EXTENSION.contains(state)) {
      return fault(
          failure,
          "PostgreSQL lacks pgvector (%s): install it on the server, as by the package"
              + " postgresql-17-pgvector");
    }
    return ofConnection(failure);
  }

  /** The extension is where the tables' statements do not find its types. */
  static MisconfiguredException ofExtensionIn(String schema) {
    return new MisconfiguredException(
        "The extension vector stands in schema '"
            + schema
            + "', where Freshet does not look: run ALTER EXTENSION vector SET SCHEMA public");
  }

  /** What keeps the tables from being made; empty for what may heal. */
  static Optional<MisconfiguredException> ofTables(Throwable failure, String schema) {
    String state = SqlFailures.state(failure).orElse("");
    if (ALREADY_THERE.equals(state)) {
      return fault(
          failure,
          "Schema '"
              + schema
              + "' has a table of another program under the name of one of Freshet's (%s): set"
              + " FRESHET_JDBC_SCHEMA to a schema of Freshet's own");
    }
    if (NO_RIGHT.equals(state) && SqlFailures.reason(failure).contains(NOT_OWNER)) {
      return fault(
          failure,
          "Freshet may not change its tables in schema '"
              + schema
              + "' (%s): start it once as the user who owns them, or make its user their owner by"
              + " ALTER TABLE … OWNER TO");
    }
    if (HAS_DEPENDENTS.equals(state)) {
      return fault(
          failure,
          "A view or function of another program uses freshet_segment in schema '"
              + schema
              + "', which becomes a view (%s): drop it, start Freshet, and create it again");
    }
    if (NO_RIGHT.equals(state)) {
      return fault(
          failure,
          "Freshet may not create its tables in schema '"
              + schema
              + "' (%s): grant its user CREATE on the schema (on the database, where the schema is"
              + " missing), or set FRESHET_JDBC_SCHEMA");
    }
    if (state.startsWith(STATEMENT_CLASS)) {
      return fault(failure, "The index's tables cannot be made in schema '" + schema + "': %s");
    }
    return ofConnection(failure);
  }

  private static Optional<MisconfiguredException> fault(Throwable failure, String sentence) {
    return Optional.of(
        new MisconfiguredException(sentence.formatted(SqlFailures.reason(failure)), failure));
  }
}
