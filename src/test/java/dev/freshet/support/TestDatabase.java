package dev.freshet.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/** A database of a test's own on the real PostgreSQL, and a role that owns nothing in it. */
public final class TestDatabase implements AutoCloseable {

  private static final String PASSWORD = "secret";

  private final String name = "it_" + UUID.randomUUID().toString().replace("-", "");

  public TestDatabase() throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
      statement.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'");
    }
  }

  public String name() {
    return name;
  }

  /** As the server's superuser. */
  public String jdbcUrl() {
    return inDatabase(name);
  }

  /** As the role without rights. */
  public String jdbcUrlOfRole() {
    return withUser(jdbcUrl(), name, PASSWORD);
  }

  /** The shared server's URL with another database. */
  public static String inDatabase(String database) {
    return Services.jdbcUrl().replaceFirst("(//[^/]+/)[^?]*", "$1" + database);
  }

  /** The URL with another user. */
  public static String withUser(String url, String user, String password) {
    return url.replaceFirst("user=[^&]*", "user=" + user)
        .replaceFirst("password=[^&]*", "password=" + password);
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
      statement.execute("DROP ROLE IF EXISTS " + name);
    }
  }
}
