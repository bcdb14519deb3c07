package dev.freshet.index;

import dev.freshet.document.DocumentId;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.StoreStatus;
import java.util.List;
import java.util.Set;

/** An index that is another system than the ledger, so that no transaction spans the two. */
public interface RemoteIndex extends SegmentIndex, AutoCloseable {

  /**
   * Replaces the segments and the metadata of documents, durably. To do it again does no harm.
   *
   * @param documents what the index has of each afterwards, and nothing else of it
   * @param removed the documents of which it has nothing afterwards; not all of them need be there
   * @throws ConcurrentUpdateException when a segment that is to keep its vector is not stored;
   *     decide again, from what is stored by then
   * @throws dev.freshet.UnavailableException when the index cannot take them now; some may be
   *     replaced
   * @throws dev.freshet.RejectedException when it cannot take one of them, whenever it is asked
   */
  void replace(List<IndexedDocument> documents, Set<DocumentId> removed)
      throws ConcurrentUpdateException;

  /** Whether the index answers now. */
  StoreStatus status();

  @Override
  void close();
}
