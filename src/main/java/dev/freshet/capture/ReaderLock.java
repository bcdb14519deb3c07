package dev.freshet.capture;

import dev.freshet.source.postgresql.SourceConnection;
import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The right to read a slot: one process at a time has it, until its connection ends, however that
 * ends. The slot itself would refuse a second reader only after that one had read the tables.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">Advisory
 *     locks</a>
 */
final class ReaderLock implements AutoCloseable {

  /**
   * A reader whose machine or network is gone is noticed by the server within ten seconds. A
   * statement ends before the client's patience does, which would leave the lock to nobody.
   */
  private static final String SETTINGS =
      "SELECT set_config('statement_timeout', '8s', false),"
          + " set_config('synchronous_commit', 'off', false),"
          + " set_config('tcp_keepalives_idle', '5', false),"
          + " set_config('tcp_keepalives_interval', '2', false),"
          + " set_config('tcp_keepalives_count', '2', false)";

  /**
   * A busy machine keeps the source waiting for some seconds, and the engine reads on meanwhile.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String TAKE =
      "SELECT pg_try_advisory_lock(hashtext('freshet.capture'), hashtext(?))";

  private final Connection connection;

  private ReaderLock(Connection connection) {
    this.connection = connection;
  }

  /** Empty while another process has it. */
  static Optional<ReaderLock> tryTake(SourceConnectionConfiguration source, String slot)
      throws SQLException {
    var lock = new ReaderLock(SourceConnection.connect(source, PATIENCE));
    boolean taken = false;
    try {
      taken = lock.take(slot);
    } finally {
      if (!taken) {
        lock.close();
      }
    }
    return taken ? Optional.of(lock) : Optional.empty();
  }

  private boolean take(String slot) throws SQLException {
    try (var settings = connection.prepareStatement(SETTINGS)) {
      settings.execute();
    }
    try (var statement = connection.prepareStatement(TAKE)) {
      statement.setString(1, slot);
      try (var answer = statement.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  /** The connection that holds it: when that is gone, so is the lock. */
  Connection connection() {
    return connection;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Gone is gone.
    }
  }
}
