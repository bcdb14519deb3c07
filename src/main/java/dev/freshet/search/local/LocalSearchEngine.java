package dev.freshet.search.local;

import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.store.Hit;
import dev.freshet.store.IndexStore;
import dev.freshet.store.SearchScope;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.List;

/** Searches the store with the model that embedded its segments. */
@Singleton
@Requires(beans = {IndexStore.class, EmbeddingModel.class})
final class LocalSearchEngine implements SearchEngine {

  /**
   * How deep each ranking goes that is fused: a segment that is in both may be far down in each.
   */
  private static final int FUSION_DEPTH = 100;

  private final IndexStore store;
  private final EmbeddingModel model;

  LocalSearchEngine(IndexStore store, EmbeddingModel model) {
    this.store = store;
    this.model = model;
  }

  @Override
  public List<Hit> search(SearchQuery query) {
    SearchScope scope = scope(query.scope().limit(), query.scope());
    List<Hit> hits =
        switch (query.mode()) {
          case VECTOR -> nearest(query, scope);
          case KEYWORD -> store.findMatching(query.text(), scope);
          case HYBRID -> fused(query, scope);
        };
    return hits.stream().filter(hit -> hit.score() >= query.minScore()).toList();
  }

  private List<Hit> nearest(SearchQuery query, SearchScope scope) {
    return store.findNearest(model.embed(query.text()).content(), scope, query.exact());
  }

  private List<Hit> fused(SearchQuery query, SearchScope scope) {
    SearchScope deep = scope(Math.max(FUSION_DEPTH, scope.limit()), scope);
    return ReciprocalRankFusion.fuse(
        List.of(nearest(query, deep), store.findMatching(query.text(), deep)), scope.limit());
  }

  private static SearchScope scope(int limit, SearchScope scope) {
    return new SearchScope(
        limit, scope.onlyTable(), scope.filter().map(FlatFilter::of).orElse(null));
  }
}
