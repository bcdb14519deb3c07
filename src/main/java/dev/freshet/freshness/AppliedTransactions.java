package dev.freshet.freshness;

import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions' changes of which documents were settled lately. The index keeps the newest
 * transaction of a document only, and another one may follow at once.
 */
final class AppliedTransactions {

  /** Some megabytes. */
  private static final int MOST = 20_000;

  /** What a transaction changed: a document, or all of a table. */
  private record Applied(Object subject, long txId) {}

  /** Each with the newest position of its changes; null where another instance has applied it. */
  private final Map<Applied, @Nullable Position> newest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Applied, @Nullable Position> eldest) {
          return size() > MOST;
        }
      };

  private @Nullable Position highest;
  private long highestTxId;

  synchronized void add(DocumentChange change) {
    Long txId = change.origin().txId();
    if (txId != null) {
      Position position = change.origin().position();
      newest.put(new Applied(subject(change), txId), position);
      if (highest == null || position.supersedes(highest)) {
        highest = position;
        highestTxId = txId;
      }
    }
  }

  synchronized void add(DocumentId id, long txId) {
    newest.putIfAbsent(new Applied(id, txId), null);
  }

  /** A change that was in hand comes again: its transaction is not applied in whole. */
  synchronized void remove(DocumentChange change) {
    Long txId = change.origin().txId();
    if (txId != null) {
      newest.remove(new Applied(subject(change), txId));
    }
  }

  private static Object subject(DocumentChange change) {
    return change.document().<Object>map(id -> id).orElse(change.table());
  }

  synchronized boolean contains(DocumentId id, long txId) {
    return newest.containsKey(new Applied(id, txId))
        || newest.containsKey(new Applied(id.table(), txId));
  }

  /**
   * Whether a change of a later transaction was settled: Debezium streams one transaction after the
   * other, so nothing of this one follows.
   */
  synchronized boolean isOver(DocumentId id, long txId) {
    Position position = newest.get(new Applied(id, txId));
    return position == null
        || (highest != null && highestTxId != txId && highest.supersedes(position));
  }
}
