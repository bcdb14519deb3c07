package dev.freshet.freshness;

import dev.freshet.changeevent.Position;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Partition;
import java.util.HashMap;
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

  /** A change, and the partition of the feed that it came from. */
  private record Settled(Position position, Partition partition, long txId) {}

  /** Each with the newest of its changes; null where another instance has applied it. */
  private final Map<Applied, @Nullable Settled> newest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Applied, @Nullable Settled> eldest) {
          return size() > MOST;
        }
      };

  private final Map<Partition, Settled> highest = new HashMap<>();

  /**
   * @param partition of the feed that the change came from
   */
  synchronized void add(DocumentChange change, Partition partition) {
    Long txId = change.origin().txId();
    if (txId != null) {
      var settled = new Settled(change.origin().position(), partition, txId);
      newest.put(new Applied(subject(change), txId), settled);
      highest.merge(
          partition,
          settled,
          (known, own) -> own.position().supersedes(known.position()) ? own : known);
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
   * Whether a change of a later transaction was settled, of the same partition: Debezium streams
   * one transaction after the other, so nothing of this one follows there.
   */
  synchronized boolean isOver(DocumentId id, long txId) {
    Settled settled = newest.get(new Applied(id, txId));
    if (settled == null) {
      return true;
    }
    Settled last = highest.getOrDefault(settled.partition(), settled);
    return last.txId() != txId && last.position().supersedes(settled.position());
  }
}
