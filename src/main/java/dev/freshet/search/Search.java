package dev.freshet.search;

import dev.freshet.index.Hit;
import java.util.List;

/** The way to an engine's {@link SearchEngine#search}, watched or not. */
@FunctionalInterface
public interface Search {

  /** As {@link SearchEngine#search} says. */
  List<Hit> search(SearchQuery query) throws UnsupportedSearchException;
}
