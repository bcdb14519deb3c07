package dev.freshet.search.local;

import dev.freshet.document.DocumentId;
import dev.freshet.embedding.QueryEmbedder;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.store.Hit;
import dev.freshet.store.IndexStore;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.List;

/** Searches the store with the model that embedded its segments. */
@Singleton
@Requires(beans = {IndexStore.class, QueryEmbedder.class})
final class LocalSearchEngine implements SearchEngine {

  private final IndexStore store;
  private final QueryEmbedder embedder;

  LocalSearchEngine(IndexStore store, QueryEmbedder embedder) {
    this.store = store;
    this.embedder = embedder;
  }

  @Override
  public List<Hit> search(SearchQuery query) {
    return new Ranking(store, embedder, query)
        .best(query.exact()).stream().filter(hit -> hit.score() >= query.minScore()).toList();
  }

  @Override
  public Explanation explain(DocumentId document, SearchQuery query) {
    return new Placement(new Ranking(store, embedder, query), document, query).explanation();
  }
}
