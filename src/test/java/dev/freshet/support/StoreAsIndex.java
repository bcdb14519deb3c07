package dev.freshet.support;

import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.RemoteIndex;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that is used as an index alone, as an index of another system is. What its own ledger has
 * of the documents nobody asks for.
 */
public final class StoreAsIndex extends ForwardingIndexStore implements RemoteIndex {

  public StoreAsIndex(IndexStore store) {
    super(store);
  }

  @Override
  public void replace(List<IndexedDocument> documents, Set<DocumentId> removed)
      throws ConcurrentUpdateException {
    var ids = new HashSet<>(removed);
    documents.forEach(document -> ids.add(document.id()));
    Map<DocumentId, StoredDocument> stored = read(ids, Set.of()).documents();
    var writes = new ArrayList<DocumentWrite>();
    for (IndexedDocument document : documents) {
      var state = DocumentState.present(document.id(), document.origin(), Map.of());
      writes.add(write(state, stored.get(document.id()), document.indexedAt()));
    }
    for (DocumentId id : removed) {
      StoredDocument before = stored.get(id);
      if (before != null) {
        var state = DocumentState.deleted(id, before.state().origin());
        writes.add(write(state, before, Instant.EPOCH));
      }
    }
    commit(new StoreUpdate(LedgerUpdate.of(writes), documents));
    forgetTombstones(Instant.EPOCH.plusSeconds(1));
  }

  private static DocumentWrite write(
      DocumentState state, @Nullable StoredDocument before, Instant indexedAt) {
    return new DocumentWrite(
        state,
        before == null ? 0 : before.revision(),
        "",
        "",
        Rendering.UNKNOWN,
        indexedAt,
        null,
        null);
  }
}
