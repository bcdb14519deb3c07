package dev.freshet.store;

import java.util.List;

/**
 * What one batch changes, all of it or nothing.
 *
 * <p>A truncation deletes the table's documents and segments whose position it supersedes (the
 * remembered truncation replaces their states), before the documents are written. No document
 * appears twice.
 */
public record StoreUpdate(List<TableTruncation> truncations, List<DocumentWrite> documents) {

  public StoreUpdate {
    truncations = List.copyOf(truncations);
    documents = List.copyOf(documents);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return truncations.isEmpty() && documents.isEmpty();
  }
}
