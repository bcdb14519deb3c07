package dev.freshet.search;

import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;

/**
 * What is looked for.
 *
 * @param text not blank
 * @param minScore hits below it are left out
 * @param exact whether to compare with every vector rather than to ask the approximate index
 * @param metadata what hits tell of their documents; what does not fit is null
 */
public record SearchQuery(
    String text,
    SearchMode mode,
    SearchScope scope,
    double minScore,
    boolean exact,
    MetadataSelection metadata) {

  private static final long METADATA_BYTES = 4L * 1024 * 1024;

  public SearchQuery {
    if (text.isBlank()) {
      throw new IllegalArgumentException("the query is blank");
    }
  }

  /** A query for hits with all of their metadata, up to 4 MB of it. */
  public SearchQuery(
      String text, SearchMode mode, SearchScope scope, double minScore, boolean exact) {
    this(text, mode, scope, minScore, exact, new MetadataSelection(null, METADATA_BYTES));
  }
}
