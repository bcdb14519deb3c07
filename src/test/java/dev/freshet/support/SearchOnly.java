package dev.freshet.support;

import dev.freshet.document.DocumentId;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;

/** An engine that a test writes as one function. */
@FunctionalInterface
public interface SearchOnly extends SearchEngine {

  @Override
  default Explanation explain(DocumentId document, SearchQuery query)
      throws UnsupportedSearchException {
    throw new UnsupportedSearchException("the test explains nothing");
  }
}
