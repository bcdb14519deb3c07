package dev.freshet.search;

import dev.freshet.store.Hit;
import java.util.List;

/** Searches the index that the active sink keeps. */
public interface SearchEngine {

  /**
   * Finds segments, best first.
   *
   * @throws dev.freshet.UnavailableException when the index does not answer now
   * @throws UnsupportedSearchException when this sink cannot search so at all
   */
  List<Hit> search(SearchQuery query) throws UnsupportedSearchException;
}
