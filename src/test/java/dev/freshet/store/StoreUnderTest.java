package dev.freshet.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.freshet.index.DocumentMetadata;
import dev.freshet.index.Hit;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentIndex;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The store that a part of the contract looks at; empty at the start of each test. */
interface StoreUnderTest extends LedgerUnderTest {

  /** What the tests ask for. */
  Embedding NORTH = Embedding.from(new float[] {1, 0, 0});

  /** The open store. */
  Store store();

  @Override
  default DocumentLedger ledger() {
    return store().ledger();
  }

  @Override
  default void write(StoreUpdate update) throws ConcurrentUpdateException {
    store().commit(update);
  }

  default SegmentIndex index() {
    return store().index();
  }

  /** How many versions of a document the index may be ahead of the ledger. */
  default int ahead() {
    return 0;
  }

  /** The ids of the document's segments, in order. */
  default List<UUID> segments(DocumentId id) {
    return index().segmentsOf(Set.of(id)).getOrDefault(id, List.of());
  }

  /** All of a document's metadata. */
  default ObjectNode metadata(DocumentId id) {
    return index().metadata(List.of(id), new MetadataSelection(null, Long.MAX_VALUE)).stream()
        .map(DocumentMetadata::values)
        .findFirst()
        .orElseThrow();
  }

  default List<Hit> nearest(float... vector) {
    return index().findNearest(Embedding.from(vector), SearchScope.everything(100), false);
  }
}
