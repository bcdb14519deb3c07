package dev.freshet.store.lucene;

import java.io.IOException;
import java.util.Collection;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/** Hands all that a query finds to one collector: the searchers here have no executor. */
record Sequentially<C extends Collector>(C collector) implements CollectorManager<C, C> {

  static <C extends Collector> C collect(IndexSearcher searcher, Query query, C collector)
      throws IOException {
    return searcher.search(query, new Sequentially<>(collector));
  }

  @Override
  public C newCollector() {
    return collector;
  }

  @Override
  public C reduce(Collection<C> collectors) {
    return collector;
  }
}
