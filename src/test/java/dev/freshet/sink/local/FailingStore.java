package dev.freshet.sink.local;

import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.freshet.support.ForwardingIndexStore;
import org.jspecify.annotations.Nullable;

/** A store whose next commit fails where a test says so. */
final class FailingStore extends ForwardingIndexStore {

  private @Nullable Exception failure;

  FailingStore(IndexStore store) {
    super(store);
  }

  void failNext(Exception next) {
    failure = next;
  }

  @Override
  public void commit(StoreUpdate update) throws ConcurrentUpdateException {
    Exception now = failure;
    failure = null;
    if (now instanceof ConcurrentUpdateException concurrent) {
      throw concurrent;
    }
    if (now instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    super.commit(update);
  }
}
