package dev.freshet.source.postgresql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the source database, opened when it is needed and again after a fault. Who
 * comes while it is in use waits.
 */
public final class SourceConnection implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final SourceConnectionConfiguration configuration;
  private final Map<String, String> settings;
  private @Nullable Connection connection;
  private boolean closed;

  /** What is done with the connection. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  public SourceConnection(SourceConnectionConfiguration configuration) {
    this(configuration, Map.of());
  }

  /**
   * @param settings further properties of the driver, which go before those of here
   */
  SourceConnection(SourceConnectionConfiguration configuration, Map<String, String> settings) {
    this.configuration = configuration;
    this.settings = Map.copyOf(settings);
  }

  /**
   * Works with the connection, in automatic commits. Work that finds a connection broken which
   * stood idle is tried once more with a new one.
   */
  public synchronized <T> T run(Work<T> work) throws SQLException {
    boolean idle = connection != null;
    try {
      return work.run(open());
    } catch (SQLException e) {
      drop();
      if (idle && isLost(e)) {
        return runAnew(work);
      }
      throw e;
    }
  }

  private <T> T runAnew(Work<T> work) throws SQLException {
    try {
      return work.run(open());
    } catch (SQLException e) {
      drop();
      throw e;
    }
  }

  /** A connection exception, or the server's operator intervened: it shuts down or has crashed. */
  private static boolean isLost(SQLException fault) {
    String state = String.valueOf(fault.getSQLState());
    return state.startsWith("08") || state.startsWith("57P");
  }

  private Connection open() throws SQLException {
    if (closed) {
      throw new SQLException("the connection to the source is closed");
    }
    Connection current = connection;
    if (current == null) {
      current = connect(configuration, settings);
      connection = current;
    }
    return current;
  }

  /**
   * A connection of the caller's own, in automatic commits.
   *
   * @param patience how long the server may be silent; whole seconds
   */
  public static Connection connect(SourceConnectionConfiguration configuration, Duration patience)
      throws SQLException {
    return connect(configuration, Map.of("socketTimeout", seconds(patience)));
  }

  private static Connection connect(
      SourceConnectionConfiguration configuration, Map<String, String> settings)
      throws SQLException {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "freshet-source");
    properties.setProperty("loginTimeout", seconds(PATIENCE));
    properties.setProperty("connectTimeout", seconds(PATIENCE));
    properties.setProperty("socketTimeout", seconds(PATIENCE));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("logServerErrorDetail", "false");
    settings.forEach(properties::setProperty);
    if (configuration.user() != null) {
      properties.setProperty("user", configuration.user());
    }
    if (configuration.password() != null) {
      properties.setProperty("password", configuration.password());
    }
    String url = Objects.requireNonNull(configuration.url(), "freshet.source.url is not set");
    return DriverManager.getConnection(url, properties);
  }

  private static String seconds(Duration patience) {
    return String.valueOf(patience.toSeconds());
  }

  private void drop() {
    Connection last = connection;
    connection = null;
    if (last != null) {
      try {
        last.close();
      } catch (SQLException e) {
        // It is broken already, which is why it is dropped.
      }
    }
  }

  /** Nothing is done with it any more. */
  @Override
  public synchronized void close() {
    closed = true;
    drop();
  }
}
