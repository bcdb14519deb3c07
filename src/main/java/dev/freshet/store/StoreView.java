package dev.freshet.store;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.util.Map;

/**
 * What is stored of the documents and tables that were asked for.
 *
 * @param documents those that are stored, tombstones included
 * @param truncations the positions of those tables' newest truncations, where there was one
 */
public record StoreView(
    Map<DocumentId, StoredDocument> documents, Map<TableId, Position> truncations) {

  public StoreView {
    documents = Map.copyOf(documents);
    truncations = Map.copyOf(truncations);
  }
}
