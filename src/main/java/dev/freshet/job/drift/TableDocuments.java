package dev.freshet.job.drift;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.SegmentIndex;
import dev.freshet.job.drift.Comparison.Finding;
import dev.freshet.job.drift.TableRows.Indexable;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the index has of documents. */
public final class TableDocuments {

  private final DocumentLedger ledger;
  private final StoredDocuments pages;
  private final @Nullable SegmentIndex index;
  private final Comparison comparison;

  /**
   * @param index null where another service has the segments
   * @param isOfPresentMapping whether the present mapping is known to have made a document; where
   *     that is not known, only values are compared
   */
  public TableDocuments(
      DocumentLedger ledger,
      StoredDocuments pages,
      @Nullable SegmentIndex index,
      Predicate<StoredDocument> isOfPresentMapping) {
    this.ledger = ledger;
    this.pages = pages;
    this.index = index;
    this.comparison = new Comparison(isOfPresentMapping);
  }

  /** Whether the segments can be looked at. */
  boolean areHere() {
    return index != null;
  }

  List<StoredDocument> page(TableId table, @Nullable DocumentId after, int limit) {
    return pages.page(table, after, limit);
  }

  /** Those that are there, tombstones included. */
  Map<DocumentId, StoredDocument> read(Set<DocumentId> documents) {
    return documents.isEmpty() ? Map.of() : ledger.read(documents, Set.of()).documents();
  }

  /** Compares rows with their documents. */
  Map<DocumentId, Finding> compare(Map<DocumentId, Indexable> rows) {
    Map<DocumentId, StoredDocument> stored = read(rows.keySet());
    Set<DocumentId> found = withSegments(rows.keySet());
    var findings = new LinkedHashMap<DocumentId, Finding>();
    rows.forEach(
        (id, row) ->
            findings.put(id, comparison.compare(row.change(), stored.get(id), found.contains(id))));
    return findings;
  }

  private Set<DocumentId> withSegments(Set<DocumentId> documents) {
    if (index == null || documents.isEmpty()) {
      return documents;
    }
    return index.segmentsOf(documents).keySet();
  }

  /** The documents whose newest change was dead-lettered. */
  Set<DocumentId> failed(Set<DocumentId> documents) {
    return documents.isEmpty()
        ? Set.of()
        : new HashSet<>(ledger.failures().failuresOf(documents).keySet());
  }
}
