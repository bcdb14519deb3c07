package dev.freshet.ledger;

import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.util.HashMap;
import java.util.Map;

/**
 * What is stored of the documents and tables that were asked for.
 *
 * @param documents those that are stored, tombstones included
 * @param truncations the positions of those tables' newest truncations, where there was one
 */
public record LedgerView(
    Map<DocumentId, StoredDocument> documents, Map<TableId, Position> truncations) {

  public LedgerView {
    documents = Map.copyOf(documents);
    truncations = Map.copyOf(truncations);
  }

  /** This view and another one of more documents and tables. */
  public LedgerView with(LedgerView more) {
    var allDocuments = new HashMap<>(documents);
    allDocuments.putAll(more.documents);
    var allTruncations = new HashMap<>(truncations);
    allTruncations.putAll(more.truncations);
    return new LedgerView(allDocuments, allTruncations);
  }
}
