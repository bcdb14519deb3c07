package dev.freshet.search.local;

import dev.freshet.embedding.QueryEmbedder;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentIndex;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.langchain4j.data.embedding.Embedding;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one query ranks, its least score aside. For use by one thread. */
final class Ranking {

  /**
   * How deep each ranking goes that is fused: a segment that is in both may be far down in each.
   */
  private static final int FUSION_DEPTH = 100;

  private final SegmentIndex index;
  private final QueryEmbedder embedder;
  private final SearchQuery query;
  private @Nullable Embedding embedding;

  Ranking(SegmentIndex index, QueryEmbedder embedder, SearchQuery query) {
    this.index = index;
    this.embedder = embedder;
    this.query = query;
  }

  FilterVerdict filterVerdict(Predicate<SearchScope> holdsSegment) {
    return new FilterVerdict(index, holdsSegment);
  }

  /** What the search looks at. */
  SearchScope scope() {
    return query.scope();
  }

  /** The best of all, as many as were asked for. */
  List<Hit> best(boolean exact) {
    return switch (query.mode()) {
      case VECTOR -> nearest(scope(), exact);
      case KEYWORD -> matching(scope());
      case HYBRID -> fused(scope().limit(), exact);
    };
  }

  List<Hit> nearest(SearchScope within, boolean exact) {
    return index.findNearest(embedding(), within, exact);
  }

  List<Hit> matching(SearchScope within) {
    return index.findMatching(query.text(), within);
  }

  /** The best of both rankings. */
  List<Hit> fused(int limit, boolean exact) {
    SearchScope deep = deepScope();
    return ReciprocalRankFusion.fuse(List.of(nearest(deep, exact), matching(deep)), limit);
  }

  /** How many of each ranking are fused. */
  int depth() {
    return Math.max(FUSION_DEPTH, scope().limit());
  }

  /** The place of a segment of this score, from 1, in the ranking of the query's mode. */
  long rank(SearchMode mode, double score) {
    long better =
        mode == SearchMode.KEYWORD
            ? index.countMatchingBetter(query.text(), wordScope(), score)
            : index.countNearer(embedding(), scope(), score);
    return better + 1;
  }

  /** The scope in which the query's mode looks for words. */
  private SearchScope wordScope() {
    return query.mode() == SearchMode.HYBRID ? deepScope() : scope();
  }

  private SearchScope deepScope() {
    return new SearchScope(depth(), scope().table(), scope().filter());
  }

  private Embedding embedding() {
    if (embedding == null) {
      embedding = embedder.embed(query.text());
    }
    return embedding;
  }
}
