package dev.freshet.store.pgvector;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Asks PostgreSQL beside the pool, which waits for a connection as long as it may before it says
 * what is wrong.
 */
final class Probe {

  private final HikariDataSource dataSource;

  Probe(HikariDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Connects, unless the pool holds a connection that is free.
   *
   * @throws SQLException with the reason, within about a second
   */
  void run() throws SQLException {
    var pool = dataSource.getHikariPoolMXBean();
    if (pool != null && pool.getIdleConnections() > 0) {
      return;
    }
    try (Connection connection =
        DriverManager.getConnection(dataSource.getJdbcUrl(), properties())) {
      connection.isValid(1);
    }
  }

  private Properties properties() {
    var properties = new Properties();
    put(properties, "user", dataSource.getUsername());
    put(properties, "password", dataSource.getPassword());
    put(properties, "connectTimeout", "1");
    put(properties, "loginTimeout", "1");
    put(properties, "socketTimeout", "1");
    return properties;
  }

  private static void put(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }
}
