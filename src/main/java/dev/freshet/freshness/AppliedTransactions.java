package dev.freshet.freshness;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which transactions' changes of which documents were settled lately. The index keeps the newest
 * transaction of a document only, and another one may follow at once.
 */
final class AppliedTransactions {

  /** Some megabytes. */
  private static final int MOST = 20_000;

  /** What a transaction changed: a document, or all of a table. */
  private record Applied(Object subject, long txId) {}

  private final Set<Applied> newest =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Applied, Boolean> eldest) {
              return size() > MOST;
            }
          });

  synchronized void add(DocumentChange change) {
    Long txId = change.origin().txId();
    if (txId != null) {
      Object subject = change.document().<Object>map(id -> id).orElse(change.table());
      newest.add(new Applied(subject, txId));
    }
  }

  synchronized void add(DocumentId id, long txId) {
    newest.add(new Applied(id, txId));
  }

  synchronized boolean contains(DocumentId id, long txId) {
    TableId table = id.table();
    return newest.contains(new Applied(id, txId)) || newest.contains(new Applied(table, txId));
  }
}
