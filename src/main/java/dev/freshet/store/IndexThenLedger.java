package dev.freshet.store;

import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.index.RemoteIndex;
import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoreStatus;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.TableTruncation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A ledger here and an index elsewhere. An update is written to the index first, and to the ledger
 * when the index has it. A crash in between leaves the index ahead: searches find the new version
 * already, and the same changes, applied again, bring the ledger to it. Ids of segments derive from
 * their texts, and the index is asked which segments it has, so those keep their vectors.
 *
 * <p>Within a process, of two updates that were decided on the same state one is refused before
 * either system is changed. No two processes may write: the index compares no revisions.
 */
public final class IndexThenLedger implements Store {

  private static final int PAGE = 1_000;

  private final RemoteIndex index;
  private final DocumentLedger ledger;
  private final ReentrantLock writing = new ReentrantLock(true);

  /** Both are closed with the store. */
  public IndexThenLedger(RemoteIndex index, DocumentLedger ledger) {
    this.index = index;
    this.ledger = ledger;
  }

  @Override
  public DocumentLedger ledger() {
    return ledger;
  }

  @Override
  public SegmentIndex index() {
    return index;
  }

  @Override
  public void commit(StoreUpdate update) throws ConcurrentUpdateException {
    LedgerUpdate states = update.ledger();
    writing.lock();
    try {
      states.requireBasedOn(ledger.read(states.ids(), states.tables()));
      Set<DocumentId> removed = removed(update);
      if (!update.contents().isEmpty() || !removed.isEmpty()) {
        index.replace(update.contents(), removed);
      }
      ledger.commit(states);
    } finally {
      writing.unlock();
    }
  }

  /** The written documents without contents, and those that truncations delete. */
  private Set<DocumentId> removed(StoreUpdate update) {
    var removed = new HashSet<DocumentId>();
    for (TableTruncation truncation : update.ledger().truncations()) {
      List<DocumentId> all = ledger.documentsOf(truncation.table());
      for (int from = 0; from < all.size(); from += PAGE) {
        removed.addAll(
            superseded(all.subList(from, Math.min(from + PAGE, all.size())), truncation));
      }
    }
    removed.removeAll(update.ledger().ids());
    update.ledger().documents().forEach(write -> removed.add(write.state().id()));
    update.contents().forEach(content -> removed.remove(content.id()));
    return removed;
  }

  private Set<DocumentId> superseded(List<DocumentId> page, TableTruncation truncation) {
    return ledger.read(Set.copyOf(page), Set.of()).documents().values().stream()
        .map(StoredDocument::state)
        .filter(state -> truncation.position().supersedes(state.position()))
        .map(DocumentState::id)
        .collect(Collectors.toSet());
  }

  /** That of the first of the two that does not answer. */
  @Override
  public StoreStatus status() {
    StoreStatus remembering = ledger.status();
    return remembering.available() ? index.status() : remembering;
  }

  @Override
  public void close() {
    index.close();
    ledger.close();
  }
}
