package dev.freshet.freshness;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last changes of documents that were settled here. It starts again with the process. */
public final class RecentChanges {

  /** So many are kept. */
  public static final int MOST = 100;

  private final Deque<Change> changes = new ArrayDeque<>(MOST);

  /**
   * A change that has its outcome.
   *
   * @param table null where the message cannot be read
   * @param key the key columns' values, joined with {@code ,}; null where a whole table changed, or
   *     the message cannot be read
   * @param operation {@code upsert}, {@code delete} or {@code truncate}; null where it was
   *     dead-lettered
   * @param outcome {@code indexed}, {@code unchanged}, {@code stale}, {@code deleted} or {@code
   *     dead-lettered}
   * @param reason why it was dead-lettered; null where it was not
   * @param committedAt null where that is not known
   */
  public record Change(
      @Nullable String table,
      @Nullable String key,
      @Nullable String operation,
      String outcome,
      @Nullable String reason,
      @Nullable String lsn,
      @Nullable Long txId,
      @Nullable Instant committedAt,
      Instant settledAt) {}

  /** A change is settled; the oldest that is kept makes room for it. */
  public synchronized void add(Change change) {
    if (changes.size() == MOST) {
      changes.removeLast();
    }
    changes.addFirst(change);
  }

  /** Newest first. */
  public synchronized List<Change> all() {
    return List.copyOf(changes);
  }
}
