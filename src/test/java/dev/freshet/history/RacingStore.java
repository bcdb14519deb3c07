package dev.freshet.history;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.store.ConcurrentUpdateException;
import dev.freshet.store.FailureLedger;
import dev.freshet.store.Hit;
import dev.freshet.store.IndexStore;
import dev.freshet.store.SearchScope;
import dev.freshet.store.StoreStatus;
import dev.freshet.store.StoreUpdate;
import dev.freshet.store.StoreView;
import dev.freshet.store.StoredDocument;
import dev.langchain4j.data.embedding.Embedding;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A store at which something else happens between a decision and its commit. */
final class RacingStore implements IndexStore {

  private final IndexStore store;
  private Runnable beforeCommit = () -> {};

  RacingStore(IndexStore store) {
    this.store = store;
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
    store.commit(update);
  }

  @Override
  public StoreView read(Set<DocumentId> documents, Set<TableId> tables) {
    return store.read(documents, tables);
  }

  @Override
  public List<DocumentId> documentsOf(TableId table) {
    return store.documentsOf(table);
  }

  @Override
  public List<StoredDocument> withPast(Instant indexedBefore, int limit) {
    return store.withPast(indexedBefore, limit);
  }

  @Override
  public int forgetTombstones(Instant deletedBefore) {
    return store.forgetTombstones(deletedBefore);
  }

  @Override
  public List<Hit> findNearest(Embedding embedding, SearchScope scope, boolean exact) {
    return store.findNearest(embedding, scope, exact);
  }

  @Override
  public List<Hit> findMatching(String text, SearchScope scope) {
    return store.findMatching(text, scope);
  }

  @Override
  public FailureLedger failures() {
    return store.failures();
  }

  @Override
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public void close() {
    store.close();
  }
}
