package dev.freshet.capture;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the engine has handed over, in its order, until it is settled. Records with one
 * LSN belong together: after a restart Debezium goes on behind an LSN, never within one. A changed
 * key, the rows of a COPY and those of a snapshot are such records.
 */
final class Unsettled<T> {

  /** A record. */
  static final class Entry<T> {

    private final T record;
    private final @Nullable Object lsn;
    private volatile boolean settled;

    private Entry(T record, @Nullable Object lsn) {
      this.record = record;
      this.lsn = lsn;
    }

    void settle() {
      settled = true;
    }
  }

  private static final int LEAST = 10_000;

  private final Deque<Entry<T>> entries = new ArrayDeque<>();
  private int most = LEAST;
  private @Nullable Entry<T> last;

  synchronized Entry<T> add(T record, @Nullable Object lsn) {
    var entry = new Entry<>(record, lsn);
    entries.add(entry);
    if (entries.size() > most) {
      compact();
      most = Math.max(LEAST, 2 * entries.size());
    }
    return entry;
  }

  /**
   * One record may stay unsettled for long. Of the settled ones in a row behind it only the last
   * can be answered, or, while its LSN goes on, the last with another one.
   */
  private void compact() {
    var kept = new ArrayDeque<Entry<T>>();
    Entry<T> end = null;
    boolean hasOther = false;
    for (var backwards = entries.descendingIterator(); backwards.hasNext(); ) {
      Entry<T> entry = backwards.next();
      if (!entry.settled) {
        end = null;
        kept.addFirst(entry);
      } else if (end == null) {
        end = entry;
        hasOther = false;
        kept.addFirst(entry);
      } else if (!hasOther && !Objects.equals(entry.lsn, end.lsn)) {
        hasOther = true;
        kept.addFirst(entry);
      }
    }
    entries.clear();
    entries.addAll(kept);
  }

  synchronized int size() {
    return entries.size();
  }

  /**
   * Forgets the records before the first unsettled one.
   *
   * @return the last of them behind which another LSN begins; empty where there is no such, or it
   *     was answered before
   */
  synchronized Optional<T> advance() {
    Optional<T> done = Optional.empty();
    for (Entry<T> first = entries.peek(); first != null; first = entries.peek()) {
      if (last != null && !Objects.equals(last.lsn, first.lsn)) {
        done = Optional.of(last.record);
        last = null;
      }
      if (!first.settled) {
        break;
      }
      last = first;
      entries.remove();
    }
    return done;
  }
}
