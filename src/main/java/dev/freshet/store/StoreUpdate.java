package dev.freshet.store;

import dev.freshet.document.DocumentId;
import dev.freshet.index.IndexedDocument;
import dev.freshet.ledger.LedgerUpdate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one batch changes in the ledger and in the index. A truncation deletes the segments of the
 * documents that it deletes.
 *
 * @param contents what searches find of the ledger's documents; a written document that has none
 *     here is gone from the index
 */
public record StoreUpdate(LedgerUpdate ledger, List<IndexedDocument> contents) {

  /**
   * @throws IllegalArgumentException when there are contents of a document that is not written
   */
  public StoreUpdate {
    contents = List.copyOf(contents);
    Set<DocumentId> written =
        ledger.documents().stream().map(write -> write.state().id()).collect(Collectors.toSet());
    for (IndexedDocument content : contents) {
      if (!written.contains(content.id())) {
        throw new IllegalArgumentException("contents of a document that is not written");
      }
    }
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return ledger.isEmpty();
  }

  /** The contents by their document. */
  public Map<DocumentId, IndexedDocument> contentsById() {
    return contents.stream().collect(Collectors.toMap(IndexedDocument::id, Function.identity()));
  }
}
