package dev.freshet.endtoend;

import dev.freshet.support.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What others do to a {@link CapturedShop} meanwhile, over several connections. */
final class Writers implements AutoCloseable {

  static final int CONNECTIONS = 4;

  private final SourceDatabase source;
  private final double rate;
  private final Work work;
  private final AtomicLong changes = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private final long started = System.nanoTime();
  private volatile boolean stopped;
  private volatile Exception failure;

  /** What one connection does in a transaction. */
  interface Work {

    /**
     * Changes rows; the transaction is committed afterwards.
     *
     * @param writer from 0 to {@link #CONNECTIONS} - 1: each has rows of its own, so that none
     *     waits for another one
     * @return how many rows
     */
    int transaction(Connection connection, int writer, Random random)
        throws SQLException, InterruptedException;
  }

  /**
   * Starts them.
   *
   * @param rate changed rows a second, of all together
   */
  Writers(SourceDatabase source, double rate, Work work) {
    this.source = source;
    this.rate = rate;
    this.work = work;
    for (int i = 0; i < CONNECTIONS; i++) {
      int writer = i;
      threads.add(new Thread(() -> write(writer), "writer-" + i));
    }
    threads.forEach(Thread::start);
  }

  /** Rows changed a second, so far. */
  double sustained() {
    return changes.get() * 1e9 / (System.nanoTime() - started);
  }

  void requireHealthy() {
    if (failure != null) {
      throw new IllegalStateException("A writer has failed", failure);
    }
  }

  private void write(int writer) {
    var random = new Random(writer);
    try (Connection connection = source.connect()) {
      connection.setAutoCommit(false);
      while (!stopped) {
        awaitTurn();
        int changed = work.transaction(connection, writer, random);
        connection.commit();
        changes.addAndGet(changed);
      }
    } catch (SQLException | InterruptedException e) {
      failure = e;
    }
  }

  /** They share the rate: where one's transaction takes long, the others write more. */
  private void awaitTurn() throws InterruptedException {
    while (!stopped && changes.get() >= rate * (System.nanoTime() - started) / 1e9) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(10).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
