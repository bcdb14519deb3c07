package dev.freshet.support;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A database of a test's own on the real PostgreSQL, whose changes a {@link Capture} follows. It is
 * dropped with its replication slots when the test is over, be it by a failure: a slot that is left
 * would keep the log for ever.
 */
public final class SourceDatabase implements AutoCloseable {

  private final String name = "source_" + UUID.randomUUID().toString().replace("-", "");
  private final String server;
  private final String url;
  private final Thread lastResort = new Thread(this::dropQuietly);

  private SourceDatabase(String server) {
    this.server = server;
    this.url = server.replaceFirst("(jdbc:postgresql://[^/]+/)[^?]*", "$1" + name);
  }

  /** Creates it, with the tables of these statements. */
  public static SourceDatabase create(String... statements) throws SQLException {
    return createOn(Services.jdbcUrl(), statements);
  }

  /** As {@link #create}, on another server than that of all tests. */
  public static SourceDatabase createOn(String server, String... statements) throws SQLException {
    var database = new SourceDatabase(server);
    Runtime.getRuntime().addShutdownHook(database.lastResort);
    database.onServer("CREATE DATABASE " + database.name);
    try {
      database.execute(statements);
    } catch (SQLException e) {
      database.close();
      throw e;
    }
    return database;
  }

  public String name() {
    return name;
  }

  /** Where it is, with the credentials in its query. */
  public URI address() {
    return URI.create(url.substring("jdbc:".length()));
  }

  public String jdbcUrl() {
    return url;
  }

  /** A connection that commits each statement unless it is told otherwise. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  /** Each statement in a transaction of its own. */
  public void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Whether a slot of this database sends changes. */
  public boolean isCaptured() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_replication_slots WHERE active AND database ="
                    + " current_database()")) {
      rows.next();
      return rows.getInt(1) > 0;
    }
  }

  private void onServer(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(server);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void dropQuietly() {
    try {
      drop();
    } catch (SQLException e) {
      System.err.println("The database " + name + " is left on the server: " + e.getMessage());
    }
  }

  private void drop() throws SQLException {
    String slots = "FROM pg_replication_slots WHERE database = '" + name + "'";
    onServer("SELECT pg_terminate_backend(active_pid) " + slots + " AND active");
    for (int attempt = 0; ; attempt++) {
      try {
        onServer("SELECT pg_drop_replication_slot(slot_name) " + slots);
        break;
      } catch (SQLException e) {
        // The terminated sender needs a moment to let go of its slot.
        if (attempt == 50) {
          throw e;
        }
        onServer("SELECT pg_sleep(0.1)");
      }
    }
    onServer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  @Override
  public void close() throws SQLException {
    drop();
    Runtime.getRuntime().removeShutdownHook(lastResort);
  }
}
