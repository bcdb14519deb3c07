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

  private final Deque<Entry<T>> entries = new ArrayDeque<>();
  private @Nullable Entry<T> last;

  synchronized Entry<T> add(T record, @Nullable Object lsn) {
    var entry = new Entry<>(record, lsn);
    entries.add(entry);
    return entry;
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
