package dev.freshet.index;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a search looks at, and how many it answers.
 *
 * @param limit the most hits, at least 1
 * @param table the table to look in; null for all
 * @param filter a condition on the metadata; null for none
 * @param document the document to look in; null for all
 */
public record SearchScope(
    int limit, @Nullable TableId table, @Nullable Condition filter, @Nullable DocumentId document) {

  public SearchScope {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is less than 1: " + limit);
    }
  }

  /** A scope of any document. */
  public SearchScope(int limit, @Nullable TableId table, @Nullable Condition filter) {
    this(limit, table, filter, null);
  }

  public static SearchScope everything(int limit) {
    return new SearchScope(limit, null, null);
  }

  /** The best segment of one document, if it is in this scope. */
  public SearchScope bestOf(DocumentId document) {
    return new SearchScope(1, table, filter, document);
  }
}
