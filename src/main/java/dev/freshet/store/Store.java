package dev.freshet.store;

import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoreStatus;

/** A ledger of documents and the index of their segments, which change together. */
public interface Store extends AutoCloseable {

  /** The states of the documents. */
  DocumentLedger ledger();

  /** The segments of the documents. */
  SegmentIndex index();

  /**
   * Makes the update durable and visible.
   *
   * @throws ConcurrentUpdateException as {@link DocumentLedger#commit}
   */
  void commit(StoreUpdate update) throws ConcurrentUpdateException;

  /** Whether the store answers now. */
  StoreStatus status();

  @Override
  void close();
}
