package dev.freshet.support;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/** A schema of a test's own on the real PostgreSQL, dropped when the test is over. */
public final class TestSchema implements AutoCloseable {

  private final String name = "it_" + UUID.randomUUID().toString().replace("-", "");

  private final String jdbcUrl;

  public TestSchema() {
    this(Services.jdbcUrl());
  }

  /** On the server of this URL. */
  public TestSchema(String jdbcUrl) {
    this.jdbcUrl = jdbcUrl;
  }

  public String name() {
    return name;
  }

  /**
   * Empties the tables of an index that is there; what its migrations and its first opening wrote
   * stays. To make them anew takes ten times as long. Tables that nothing was written to are empty.
   */
  public void empty() throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.createStatement();
        var tables =
            statement.executeQuery(
                """
                SELECT string_agg(format('%%I.%%I', schemaname, tablename), ', ')
                FROM pg_tables WHERE schemaname = '%s'
                  AND tablename NOT IN ('freshet_index', 'freshet_schema_history')
                  AND pg_relation_size(format('%%I.%%I', schemaname, tablename)::regclass) > 0
                """
                    .formatted(name))) {
      tables.next();
      String names = tables.getString(1);
      if (names != null) {
        connection.createStatement().execute("TRUNCATE " + names + " RESTART IDENTITY CASCADE");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + name + " CASCADE");
    }
  }
}
