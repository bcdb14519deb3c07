package dev.freshet.crash;

import dev.freshet.support.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Writes one transaction after the other, at a steady rate, and rolls some back. A server that is
 * away is waited for.
 */
final class TableWriter implements AutoCloseable {

  private static final int TRANSACTIONS_OF_A_CONNECTION = 20;
  private static final int ONE_OF_SO_MANY_ROLLS_BACK = 20;

  private final SourceDatabase database;
  private final Duration interval;
  private final Random random;
  private final Supplier<List<String>> statements;
  private final Thread thread = new Thread(this::run, "table-writer");
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicLong commits = new AtomicLong();
  private long next = System.nanoTime();
  private volatile boolean closed;
  private volatile Exception failure;

  /**
   * @param interval between the beginnings of two transactions
   * @param statements of the next transaction
   */
  TableWriter(
      SourceDatabase database,
      Duration interval,
      Random random,
      Supplier<List<String>> statements) {
    this.database = database;
    this.interval = interval;
    this.random = random;
    this.statements = statements;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  long commits() {
    return commits.get();
  }

  private void run() {
    try {
      while (!closed) {
        writing.lock();
        try (Connection connection = database.connect()) {
          for (int i = 0; i < TRANSACTIONS_OF_A_CONNECTION && !closed; i++) {
            transaction(connection);
            awaitTurn();
          }
        } catch (SQLException e) {
          requireOutage(e);
          TimeUnit.MILLISECONDS.sleep(100);
        } finally {
          writing.unlock();
        }
      }
    } catch (SQLException | InterruptedException e) {
      failure = e;
    }
  }

  private void awaitTurn() throws InterruptedException {
    long now = System.nanoTime();
    next = Math.max(now, next + interval.toNanos());
    TimeUnit.NANOSECONDS.sleep(next - now);
  }

  /** A connection exception, a server that stops or starts. */
  private static void requireOutage(SQLException e) throws SQLException {
    String state = String.valueOf(e.getSQLState());
    if (!state.startsWith("08") && !state.startsWith("57")) {
      throw e;
    }
  }

  private void transaction(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements.get()) {
        statement.execute(sql);
      }
    }
    if (random.nextInt(ONE_OF_SO_MANY_ROLLS_BACK) == 0) {
      connection.rollback();
    } else {
      connection.commit();
      commits.incrementAndGet();
    }
  }

  /** What is to be done while nothing is written. */
  interface Work {
    void run() throws Exception;
  }

  void whilePaused(Work work) throws Exception {
    writing.lock();
    try {
      work.run();
    } finally {
      writing.unlock();
    }
  }

  void requireHealthy() {
    if (failure != null) {
      throw new AssertionError("the writer ended", failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
