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

  @Override
  public void close() throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + name + " CASCADE");
    }
  }
}
