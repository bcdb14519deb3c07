package dev.freshet.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;

/** The store that a part of the contract looks at; empty at the start of each test. */
interface StoreUnderTest extends LedgerUnderTest {

  /** What the tests ask for. */
  Embedding NORTH = Embedding.from(new float[] {1, 0, 0});

  @Override
  IndexStore store();

  /** All of a document's metadata. */
  default ObjectNode metadata(DocumentId id) {
    return store().metadata(List.of(id), new MetadataSelection(null, Long.MAX_VALUE)).stream()
        .map(DocumentMetadata::values)
        .findFirst()
        .orElseThrow();
  }

  default List<Hit> nearest(float... vector) {
    return store().findNearest(Embedding.from(vector), SearchScope.everything(100), false);
  }
}
