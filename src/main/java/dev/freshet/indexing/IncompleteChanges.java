package dev.freshet.indexing;

import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Messages that leave out values which nobody knows yet. The event that has them may still be on
 * its way, through another instance too; so they stay unacknowledged for a while, and the others go
 * on. Beside them wait those whose large documents are indexed beside the others, however long that
 * takes.
 */
final class IncompleteChanges {

  private final Duration patience;
  private final IntSupplier window;
  private final LongSupplier windowBytes;

  /** Until when each waits, the oldest first. */
  private final Map<Change, Instant> deadlines = new LinkedHashMap<>();

  /** By their deliveries: to compare large changes takes long. */
  private final Map<Delivery, Change> deferred = new LinkedHashMap<>();

  /**
   * Bounds what waits by what the feed hands out, so that there is room for what is waited for.
   *
   * @param window of so many messages at most half wait
   * @param windowBytes of so many bytes at most a quarter wait: the feed takes more only once half
   *     of them are free, and the next message may be a large one
   */
  IncompleteChanges(Duration patience, IntSupplier window, LongSupplier windowBytes) {
    this.patience = patience;
    this.window = window;
    this.windowBytes = windowBytes;
  }

  synchronized boolean isEmpty() {
    return deadlines.isEmpty() && deferred.isEmpty();
  }

  synchronized void clear() {
    deadlines.clear();
    deferred.clear();
  }

  /** How many wait for their large documents. */
  synchronized int deferred() {
    return deferred.size();
  }

  synchronized int size() {
    return deadlines.size();
  }

  synchronized List<Change> waiting() {
    var waiting = new ArrayList<>(deferred.values());
    waiting.addAll(deadlines.keySet());
    return waiting;
  }

  synchronized void await(Change change, Instant now) {
    deferred.remove(change.delivery());
    deadlines.putIfAbsent(change, now.plus(patience));
  }

  /** The change's document is being indexed, or waits for its turn. */
  synchronized void defer(Change change) {
    deadlines.keySet().removeIf(other -> other.delivery().equals(change.delivery()));
    deferred.put(change.delivery(), change);
  }

  /** To be called once the message is settled: until then a pause has to give it back. */
  synchronized void leave(Delivery delivery) {
    deadlines.keySet().removeIf(change -> change.delivery().equals(delivery));
    deferred.remove(delivery);
  }

  /** Those whose connection is gone are delivered again, and wait here once more then. */
  synchronized void leaveDead() {
    deadlines.keySet().removeIf(change -> !change.delivery().isLive());
    deferred.keySet().removeIf(delivery -> !delivery.isLive());
  }

  /**
   * Those that wait for values and have waited for long enough, unless the values may be those of a
   * large document that is not indexed yet, and those for which there is no room beside younger
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
      boolean overdue = (deadline == null || !deadline.isAfter(now)) && !followsDeferred(change);
      if (overdue || places == 0 || size > bytes) {
        late.add(change);
      } else {
        places--;
        bytes -= size;
      }
    }
    return late;
  }

  private boolean followsDeferred(Change change) {
    Set<DocumentId> documents = documents(change);
    return deferred.values().stream()
        .anyMatch(large -> !Collections.disjoint(documents(large), documents));
  }

  private static Set<DocumentId> documents(Change change) {
    var documents = new HashSet<DocumentId>();
    change.change().document().ifPresent(documents::add);
    if (change.change() instanceof DocumentChange.Upsert upsert) {
      Optional.ofNullable(upsert.movedFrom()).ifPresent(documents::add);
    }
    return documents;
  }
}
