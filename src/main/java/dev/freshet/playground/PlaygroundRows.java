package dev.freshet.playground;

import dev.freshet.UnavailableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at the playground's rows, and changes them by SQL as any program would. */
public final class PlaygroundRows {

  /** The tables, each with the columns that may be changed, in the order of a form. */
  private static final Map<String, List<String>> COLUMNS = columns();

  private static final int LONGEST = 100_000;

  private final String url;
  private final String psql;

  /**
   * @param url with the user's name and password
   * @param psql the same for people
   */
  PlaygroundRows(String url, String psql) {
    this.url = url;
    this.psql = psql;
  }

  /**
   * A row.
   *
   * @param values by column: those that may be changed
   */
  public record Found(String table, String key, Map<String, @Nullable String> values) {}

  /**
   * A change that is committed.
   *
   * @param lsn the log's position after the commit
   * @param txId the transaction
   * @param committedAt when PostgreSQL committed it, by its own clock
   */
  public record Committed(String documentId, String lsn, long txId, Instant committedAt) {}

  /** What cannot be changed, or not so. */
  public static final class RefusedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private static Map<String, List<String>> columns() {
    var columns = new LinkedHashMap<String, List<String>>();
    columns.put("public.products", List.of("title", "description", "price", "in_stock"));
    columns.put("public.articles", List.of("title", "body"));
    return columns;
  }

  /** The tables, each with the columns that may be changed. */
  public Map<String, List<String>> tables() {
    return COLUMNS;
  }

  /** A command that opens the database. */
  public String psql() {
    return psql;
  }

  private static List<String> columns(String table) {
    List<String> columns = COLUMNS.get(table);
    if (columns == null) {
      throw new RefusedException(
          "'%s' is not a table of the playground: use %s"
              .formatted(table, String.join(" or ", COLUMNS.keySet())));
    }
    return columns;
  }

  /** How many rows the tables have. */
  public long count() {
    return run(
        connection -> {
          String query = "SELECT (SELECT count(*) FROM products) + (SELECT count(*) FROM articles)";
          try (var statement = connection.createStatement();
              var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  /**
   * A row by its key; empty where there is none.
   *
   * @throws RefusedException when there is no such table
   */
  public Optional<Found> find(String table, String key) {
    List<String> columns = columns(table);
    return isKey(key) ? read(table, columns, "WHERE id = " + key) : Optional.empty();
  }

  /**
   * A row chosen at random; empty where the table is.
   *
   * @throws RefusedException when there is no such table
   */
  public Optional<Found> any(String table) {
    return read(table, columns(table), "ORDER BY random() LIMIT 1");
  }

  private static boolean isKey(String key) {
    return key.matches("[0-9]{1,9}");
  }

  private Optional<Found> read(String table, List<String> columns, String which) {
    String query =
        "SELECT id::text, %s::text FROM %s %s"
            .formatted(String.join("::text, ", columns), table, which);
    return run(
        connection -> {
          try (var statement = connection.createStatement();
              ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
              return Optional.empty();
            }
            var values = new LinkedHashMap<String, @Nullable String>();
            for (String column : columns) {
              values.put(column, row.getString(column));
            }
            return Optional.of(new Found(table, row.getString("id"), values));
          }
        });
  }

  /**
   * Changes a row by an UPDATE, and commits it.
   *
   * @param values by column
   * @return empty where there is no such row
   * @throws RefusedException when the table, a column or a value cannot be changed so
   */
  public Optional<Committed> change(
      String table, String key, Map<String, ? extends @Nullable String> values) {
    List<String> columns = columns(table);
    requireColumns(columns, values);
    if (!isKey(key)) {
      return Optional.empty();
    }
    List<String> changed = columns.stream().filter(values::containsKey).toList();
    return run(
        connection -> {
          Optional<Long> txId = update(connection, table, key, changed, values);
          return txId.isEmpty()
              ? Optional.empty()
              : Optional.of(committed(connection, table + "/" + Integer.parseInt(key), txId.get()));
        });
  }

  private static void requireColumns(
      List<String> columns, Map<String, ? extends @Nullable String> values) {
    if (values.isEmpty()) {
      throw new RefusedException("name at least one column to change in 'values'");
    }
    for (var value : values.entrySet()) {
      if (!columns.contains(value.getKey())) {
        throw new RefusedException(
            "'%s' is not a column that may be changed here: use %s"
                .formatted(value.getKey(), String.join(", ", columns)));
      }
      String text = value.getValue();
      if (text != null && text.length() > LONGEST) {
        throw new RefusedException(
            "'%s' has more than %,d characters".formatted(value.getKey(), LONGEST));
      }
    }
  }

  private static Optional<Long> update(
      Connection connection,
      String table,
      String key,
      List<String> columns,
      Map<String, ? extends @Nullable String> values)
      throws SQLException {
    String sql =
        "UPDATE %s SET %s = ?, updated_at = now() WHERE id = %s RETURNING pg_current_xact_id()::text"
            .formatted(table, String.join(" = ?, ", columns), key);
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.size(); i++) {
        // The server reads the text as the column's type.
        statement.setObject(i + 1, values.get(columns.get(i)), Types.OTHER);
      }
      try (var row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  private static Committed committed(Connection connection, String documentId, long txId)
      throws SQLException {
    String query =
        "SELECT pg_current_wal_lsn()::text, (extract(epoch from"
            + " pg_xact_commit_timestamp('%d'::xid8::xid)) * 1000000)::bigint".formatted(txId);
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      long micros = row.getLong(2);
      return new Committed(
          documentId,
          row.getString(1),
          txId,
          Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000));
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** In automatic commits. */
  private <T> T run(Work<T> work) {
    try (var connection = DriverManager.getConnection(url)) {
      return work.run(connection);
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      // Data that the columns do not take, or a character that no text can hold.
      if (state.startsWith("22") || state.startsWith("23")) {
        throw new RefusedException("PostgreSQL refuses the change: " + e.getMessage());
      }
      throw new UnavailableException(
          "the playground's PostgreSQL does not answer: " + e.getMessage(), e);
    }
  }
}
