package dev.freshet.source.postgresql;

import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceName;
import dev.freshet.changeevent.TableId;
import dev.freshet.source.SourceRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Snapshots of the source, each in a transaction that only reads, on a connection of their own. */
final class Snapshots implements AutoCloseable {

  private static final Duration BEYOND_STATEMENTS = Duration.ofSeconds(20);

  private static final String TRANSACTION =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

  /** Rows that the user may not see must be an error: they would look deleted. */
  private static final String SETTINGS =
      """
      SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '%ds'; SET LOCAL row_security = off;
      SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
      SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 3
      """;

  private static final TableId NOWHERE = new TableId("any", "table");

  private final SourceConnection source;
  private final Catalog catalog;
  private final SourceOwner owner;
  private final String settings;
  private final Marks marks = new Marks();
  private final Map<TableId, TableId> readAs = new ConcurrentHashMap<>();

  /**
   * @param patience how long one statement may take; whole seconds
   */
  Snapshots(
      SourceConnectionConfiguration configuration,
      Catalog catalog,
      SourceOwner owner,
      Duration patience) {
    this.source =
        new SourceConnection(
            configuration,
            Map.of(
                "socketTimeout",
                String.valueOf(patience.plus(BEYOND_STATEMENTS).toSeconds()),
                "binaryTransfer",
                "false",
                "ApplicationName",
                "freshet-rows"));
    this.catalog = catalog;
    this.owner = owner;
    this.settings = SETTINGS.formatted(patience.toSeconds());
  }

  /** What is done with tables that one snapshot sees. */
  @FunctionalInterface
  interface Reading<T> {
    T read(Connection source, List<SourceTable> tables) throws SQLException, SourceRefusedException;
  }

  /** What is done with tables that one snapshot sees, whose rows are the owner's. */
  @FunctionalInterface
  interface Marked<T> {
    T read(Connection source, List<SourceTable> tables, SourceName owner, Marks.Mark mark)
        throws SQLException, SourceRefusedException;
  }

  @FunctionalInterface
  private interface Connected<T> {
    T run(Connection source) throws SQLException, SourceRefusedException;
  }

  /** What came of it: checked exceptions do not pass through {@link SourceConnection}. */
  private record Answer<T>(@Nullable T value, @Nullable SourceRefusedException refusal) {}

  /**
   * Reads the tables whose rows are the documents of this one.
   *
   * @param condition whether the user's condition is part of the work, and may be at fault
   */
  <T> T read(TableId table, boolean condition, Reading<T> work) throws SourceRefusedException {
    return run(
        table,
        condition,
        connection -> {
          owner.require(connection);
          return transaction(connection, table, work);
        });
  }

  /** As {@link #read}, in a snapshot that begins after a settled mark. */
  <T> T readMarked(TableId table, boolean condition, Marked<T> work) throws SourceRefusedException {
    return run(
        table,
        condition,
        connection -> {
          SourceName name = owner.requirePlace(connection);
          Marks.Mark mark = marks.next(connection);
          return transaction(connection, table, (c, tables) -> work.read(c, tables, name, mark));
        });
  }

  /** The log's end now, in front of a mark. */
  Lsn end() throws SourceRefusedException {
    return run(
        NOWHERE,
        false,
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
            row.next();
            Lsn end = Lsn.parse(row.getString(1));
            Marks.emit(connection);
            return end;
          }
        });
  }

  /** The table that was read last for these documents; itself before that. */
  TableId readAs(TableId documents) {
    return readAs.getOrDefault(documents, documents);
  }

  private <T> T run(TableId table, boolean condition, Connected<T> work)
      throws SourceRefusedException {
    Answer<T> answer;
    try {
      answer =
          source.run(
              connection -> {
                try {
                  return new Answer<>(work.run(connection), null);
                } catch (SourceRefusedException e) {
                  return new Answer<T>(null, e);
                }
              });
    } catch (SQLException e) {
      throw SourceFaults.translated(e, table, condition);
    }
    if (answer.refusal() != null) {
      throw answer.refusal();
    }
    return Objects.requireNonNull(answer.value());
  }

  private <T> T transaction(Connection connection, TableId table, Reading<T> work)
      throws SQLException, SourceRefusedException {
    connection.setAutoCommit(false);
    try {
      try (var statement = connection.createStatement()) {
        statement.execute(TRANSACTION);
        statement.execute(settings);
      }
      List<SourceTable> tables = catalog.tables(connection, table);
      readAs.put(tables.get(0).documents(), tables.get(0).name());
      try (var statement = connection.createStatement()) {
        statement.execute("SET LOCAL search_path = " + searchPath(tables));
      }
      return work.read(connection, tables);
    } finally {
      Marks.rollback(connection);
    }
  }

  private static String searchPath(List<SourceTable> tables) {
    return tables.stream()
        .flatMap(table -> table.schemas().stream())
        .distinct()
        .map(Sql::quoted)
        .collect(Collectors.joining(", "));
  }

  /** Closes the connection to the source. */
  @Override
  public void close() {
    source.close();
  }
}
