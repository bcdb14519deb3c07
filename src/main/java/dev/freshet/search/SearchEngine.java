package dev.freshet.search;

import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import java.util.List;
import java.util.Set;

/** Searches the index that the active sink keeps. */
public interface SearchEngine {

  /** The modes that it can search in. */
  default Set<SearchMode> modes() {
    return Set.of(SearchMode.values());
  }

  /**
   * Finds segments, best first.
   *
   * @throws dev.freshet.UnavailableException when the index does not answer now
   * @throws UnsupportedSearchException when this sink cannot search so at all
   */
  List<Hit> search(SearchQuery query) throws UnsupportedSearchException;

  /**
   * Tells where a searchable document stands in this search, or why it has no place.
   *
   * @param document of the table that is searched
   * @throws dev.freshet.UnavailableException when the index does not answer now
   * @throws UnsupportedSearchException when this sink cannot tell, or not for this query
   */
  Explanation explain(DocumentId document, SearchQuery query) throws UnsupportedSearchException;
}
