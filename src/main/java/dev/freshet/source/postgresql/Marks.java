package dev.freshet.source.postgresql;

import dev.freshet.changeevent.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Marks in the source's log, each a transaction with nothing but a logical message. What a snapshot
 * does not see that begins after a mark is settled commits after the mark.
 *
 * <p>A commit is in the log a moment before snapshots see it. A mark is therefore settled only when
 * the transactions that were under way once it was flushed are over, or have had so long that none
 * of them can have been in that moment.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION">pg_logical_emit_message</a>
 */
final class Marks {

  /** A commit that is in the log waits for standbys as long as the mark's own does. */
  private static final String WAIT = "SET LOCAL synchronous_commit = remote_apply";

  /** The prefix is that of the nudge. */
  private static final String EMIT =
      """
      SELECT pg_logical_emit_message(true, 'freshet', '')::text,
        floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
      """;

  /** The transactions that a snapshot does not see though they have begun. */
  private static final String UNDER_WAY =
      "SELECT xid::text FROM txid_snapshot_xip(txid_current_snapshot()) xid";

  /** From a commit's flush until snapshots see it there are microseconds. */
  private static final Duration SETTLING = Duration.ofMillis(250);

  /** A mark that is settled serves for so long, where a newer one is not. */
  private static final Duration SERVES = Duration.ofSeconds(5);

  private static final Duration GLANCE = Duration.ofMillis(10);
  private static final int LOOK_EACH_MILLIS = 2;

  private @Nullable Mark settled;

  /**
   * A place in the log.
   *
   * @param time when it was made, by the source's clock
   */
  record Mark(Lsn lsn, Instant time, long nanos) {

    private boolean isYoungerThan(Duration age) {
      return System.nanoTime() - nanos < age.toNanos();
    }
  }

  /** Answers a settled mark; the connection commits each statement. */
  Mark next(Connection source) throws SQLException {
    Mark mark = emit(source);
    Set<String> before = underWay(source);
    while (!before.isEmpty() && mark.isYoungerThan(SETTLING)) {
      Mark former = settled;
      if (!mark.isYoungerThan(GLANCE) && former != null && former.isYoungerThan(SERVES)) {
        return former;
      }
      pause();
      before.retainAll(underWay(source));
    }
    settled = mark;
    return mark;
  }

  /** Writes a mark that is not settled. */
  static Mark emit(Connection source) throws SQLException {
    source.setAutoCommit(false);
    try (var statement = source.createStatement()) {
      statement.execute(WAIT);
      Mark mark;
      try (var row = statement.executeQuery(EMIT)) {
        row.next();
        mark =
            new Mark(
                Lsn.parse(row.getString(1)),
                Instant.ofEpochMilli(row.getLong(2)),
                System.nanoTime());
      }
      source.commit();
      return new Mark(mark.lsn(), mark.time(), System.nanoTime());
    } finally {
      rollback(source);
    }
  }

  /**
   * Ends a transaction, and goes on in automatic commits; a broken connection is told by others.
   */
  static void rollback(Connection source) {
    try {
      source.rollback();
      source.setAutoCommit(true);
    } catch (SQLException e) {
      // What broke the connection is thrown already.
    }
  }

  private static Set<String> underWay(Connection source) throws SQLException {
    var transactions = new HashSet<String>();
    try (var statement = source.createStatement();
        var rows = statement.executeQuery(UNDER_WAY)) {
      while (rows.next()) {
        transactions.add(rows.getString(1));
      }
    }
    return transactions;
  }

  private static void pause() throws SQLException {
    try {
      Thread.sleep(LOOK_EACH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("the wait for the source's transactions was interrupted", e);
    }
  }
}
