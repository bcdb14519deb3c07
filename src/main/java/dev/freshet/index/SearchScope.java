package dev.freshet.index;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a search looks at, and how many it answers.
 *
 * @param limit the most hits, at least 1
 * @param onlyTable the table to look in; null for all
 * @param metadataFilter a condition on the metadata; null for none
 * @param onlyDocument the document to look in; null for all
 */
public record SearchScope(
    int limit,
    @Nullable TableId onlyTable,
    @Nullable Condition metadataFilter,
    @Nullable DocumentId onlyDocument) {

  public SearchScope {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is less than 1: " + limit);
    }
  }

  /** A scope of any document. */
  public SearchScope(int limit, @Nullable TableId onlyTable, @Nullable Condition metadataFilter) {
    this(limit, onlyTable, metadataFilter, null);
  }

  public static SearchScope everything(int limit) {
    return new SearchScope(limit, null, null);
  }

  /** The best segment of one document, if it is in this scope. */
  public SearchScope bestOf(DocumentId document) {
    return new SearchScope(1, onlyTable, metadataFilter, document);
  }

  public Optional<DocumentId> document() {
    return Optional.ofNullable(onlyDocument);
  }

  public Optional<TableId> table() {
    return Optional.ofNullable(onlyTable);
  }

  public Optional<Condition> filter() {
    return Optional.ofNullable(metadataFilter);
  }
}
