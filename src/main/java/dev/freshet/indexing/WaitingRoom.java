package dev.freshet.indexing;

import dev.freshet.feed.Delivery;
import dev.freshet.indexing.Batch.Change;
import dev.freshet.sink.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages that leave out values which nobody knows yet. The event that has them may still be on
 * its way, through another instance too; so they stay unacknowledged for a while, and the others go
 * on.
 */
final class WaitingRoom {

  private final Duration patience;
  private final int capacity;

  /** Until when each waits, the oldest first. */
  private final Map<Change, Instant> deadlines = new LinkedHashMap<>();

  /**
   * @param capacity the most that wait at once, so that the feed has room for what they wait for
   */
  WaitingRoom(Duration patience, int capacity) {
    this.patience = patience;
    this.capacity = capacity;
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

  /** Those that have waited for long enough; they stay here until they {@link #leave}. */
  synchronized Set<Change> late(Instant now) {
    var late = new HashSet<Change>();
    int tooMany = deadlines.size() - capacity;
    for (var entry : deadlines.entrySet()) {
      if (late.size() < tooMany || !entry.getValue().isAfter(now)) {
        late.add(entry.getKey());
      }
    }
    return late;
  }

  static Outcome.Rejected rejected(Outcome.Incomplete incomplete) {
    return incomplete.rejected();
  }
}
