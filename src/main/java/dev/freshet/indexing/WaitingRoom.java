package dev.freshet.indexing;

import dev.freshet.feed.Delivery;
import dev.freshet.indexing.Batch.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Messages that leave out values which nobody knows yet. The event that has them may still be on
 * its way, through another instance too; so they stay unacknowledged for a while, and the others go
 * on.
 */
final class WaitingRoom {

  private final Duration patience;
  private final IntSupplier window;
  private final LongSupplier windowBytes;

  /** Until when each waits, the oldest first. */
  private final Map<Change, Instant> deadlines = new LinkedHashMap<>();

  /**
   * Bounds what waits by what the feed hands out, so that there is room for what is waited for.
   *
   * @param window of so many messages at most half wait
   * @param windowBytes of so many bytes at most a quarter wait: the feed takes more only once half
   *     of them are free, and the next message may be a large one
   */
  WaitingRoom(Duration patience, IntSupplier window, LongSupplier windowBytes) {
    this.patience = patience;
    this.window = window;
    this.windowBytes = windowBytes;
  }

  synchronized boolean isEmpty() {
    return deadlines.isEmpty();
  }

  synchronized void clear() {
    deadlines.clear();
  }

  synchronized int size() {
    return deadlines.size();
  }

  synchronized List<Change> waiting() {
    return List.copyOf(deadlines.keySet());
  }

  synchronized void await(Change change, Instant now) {
    deadlines.putIfAbsent(change, now.plus(patience));
  }

  /** To be called once the message is settled: until then a pause has to give it back. */
  synchronized void leave(Delivery delivery) {
    deadlines.keySet().removeIf(change -> change.delivery().equals(delivery));
  }

  /**
   * Those that have waited for long enough, and those for which there is no room beside younger
   * ones; they stay here until they {@link #leave}.
   */
  synchronized Set<Change> late(Instant now) {
    long places = Math.max(1, window.getAsInt() / 2);
    long bytes = windowBytes.getAsLong() / 4;
    var late = new HashSet<Change>();
    var youngestFirst = new ArrayList<>(deadlines.keySet());
    Collections.reverse(youngestFirst);
    for (Change change : youngestFirst) {
      int size = change.delivery().message().size();
      Instant deadline = deadlines.get(change);
      boolean overdue = deadline == null || !deadline.isAfter(now);
      if (overdue || places == 0 || size > bytes) {
        late.add(change);
      } else {
        places--;
        bytes -= size;
      }
    }
    return late;
  }
}
