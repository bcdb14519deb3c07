package dev.freshet.api;

import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.search.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A search engine whose answer a test decides. */
final class FakeSearchEngine implements SearchEngine {

  /** Answers a query. */
  interface Answering {
    List<Hit> answer(SearchQuery query) throws UnsupportedSearchException;
  }

  /** Explains a document. */
  interface Explaining {
    Explanation explain(DocumentId document) throws UnsupportedSearchException;
  }

  final List<SearchQuery> queries = new CopyOnWriteArrayList<>();
  volatile Answering answering = query -> List.of();
  volatile Explaining explaining = document -> Explanation.of(Verdict.EMPTY, "It has no text.");

  void reset() {
    queries.clear();
    answering = query -> List.of();
  }

  SearchQuery lastQuery() {
    return queries.get(queries.size() - 1);
  }

  @Override
  public Explanation explain(DocumentId document, SearchQuery query)
      throws UnsupportedSearchException {
    queries.add(query);
    return explaining.explain(document);
  }

  @Override
  public List<Hit> search(SearchQuery query) throws UnsupportedSearchException {
    queries.add(query);
    return answering.answer(query);
  }
}
