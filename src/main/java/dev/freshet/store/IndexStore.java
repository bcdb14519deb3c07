package dev.freshet.store;

import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoreStatus;
import java.util.List;

/** A ledger and an index in one system, which one transaction changes. */
public interface IndexStore extends Store, DocumentLedger, SegmentIndex {

  /**
   * Makes the update durable and visible in one transaction: a search sees all of it or nothing,
   * and no document is ever missing or half replaced.
   */
  @Override
  void commit(StoreUpdate update) throws ConcurrentUpdateException;

  /** Documents that it writes are not searchable afterwards. */
  @Override
  default void commit(LedgerUpdate update) throws ConcurrentUpdateException {
    commit(new StoreUpdate(update, List.of()));
  }

  @Override
  default DocumentLedger ledger() {
    return this;
  }

  @Override
  default SegmentIndex index() {
    return this;
  }

  @Override
  StoreStatus status();

  @Override
  void close();
}
