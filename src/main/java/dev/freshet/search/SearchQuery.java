package dev.freshet.search;

import dev.freshet.store.SearchScope;

/**
 * What is looked for.
 *
 * @param text not blank
 * @param minScore hits below it are left out
 * @param exact whether to compare with every vector rather than to ask the approximate index
 */
public record SearchQuery(
    String text, SearchMode mode, SearchScope scope, double minScore, boolean exact) {

  public SearchQuery {
    if (text.isBlank()) {
      throw new IllegalArgumentException("the query is blank");
    }
  }
}
