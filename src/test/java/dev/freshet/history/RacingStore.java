package dev.freshet.history;

import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.freshet.support.ForwardingIndexStore;

/** A store at which something else happens between a decision and its commit. */
final class RacingStore extends ForwardingIndexStore {

  private Runnable beforeCommit = () -> {};

  RacingStore(IndexStore store) {
    super(store);
  }

  /** Runs this once, right before the next commit. */
  void beforeNextCommit(Runnable action) {
    beforeCommit = action;
  }

  /** Runs what waits for a commit that did not come. */
  void runPending() {
    Runnable action = beforeCommit;
    beforeCommit = () -> {};
    action.run();
  }

  @Override
  public void commit(StoreUpdate update) throws ConcurrentUpdateException {
    runPending();
    super.commit(update);
  }
}
