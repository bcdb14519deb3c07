package dev.freshet.store.lucene;

import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/** A search of one commit's segments. */
final class SegmentSearch {

  /** Fewer candidates make the approximate index miss near segments. */
  private static final int FEWEST_CANDIDATES = 150;

  /** Up to here a comparison with every segment is as fast as the approximate index. */
  private static final int SMALL = 10_000;

  private final IndexSearcher searcher;
  private final Snapshot snapshot;
  private final int limit;
  private final @Nullable Query filter;

  SegmentSearch(IndexSearcher searcher, SearchScope scope) {
    this.searcher = searcher;
    this.snapshot = new Snapshot(searcher);
    this.limit = Math.min(scope.limit(), Math.max(1, searcher.getIndexReader().maxDoc()));
    this.filter = filter(scope);
  }

  private static @Nullable Query filter(SearchScope scope) {
    var conditions = new BooleanQuery.Builder();
    if (scope.table() != null) {
      conditions.add(new TermQuery(Terms.term(Terms.SEGMENT_TABLE, scope.table())), Occur.FILTER);
    }
    if (scope.document() != null) {
      conditions.add(new TermQuery(Terms.term(Terms.DOCUMENT, scope.document())), Occur.FILTER);
    }
    if (scope.filter() != null) {
      conditions.add(FilterQuery.of(scope.filter()), Occur.FILTER);
    }
    BooleanQuery all = conditions.build();
    return all.clauses().isEmpty() ? null : all;
  }

  /** What the approximate index answers or, while it is small, a comparison with every segment. */
  List<Hit> near(float[] vector) throws IOException {
    return segments() <= SMALL ? nearest(vector) : approximate(vector);
  }

  List<Hit> approximate(float[] vector) throws IOException {
    int candidates = Math.max(limit, FEWEST_CANDIDATES);
    var query = new KnnFloatVectorQuery(SegmentDocument.VECTOR, vector, candidates, filter);
    return hits(atMostOne(searcher.search(query, limit).scoreDocs));
  }

  private int segments() throws IOException {
    int segments = 0;
    for (var leaf : searcher.getIndexReader().leaves()) {
      var vectors = leaf.reader().getFloatVectorValues(SegmentDocument.VECTOR);
      segments += vectors == null ? 0 : vectors.size();
    }
    return segments;
  }

  /** What a comparison with every segment answers. */
  List<Hit> nearest(float[] vector) throws IOException {
    var nearest = Sequentially.collect(searcher, all(), new ExactNearest(vector, limit));
    return hits(atMostOne(nearest.result()));
  }

  long countNearer(float[] vector, double score) throws IOException {
    return Sequentially.collect(searcher, all(), new NearerCount(vector, (float) score)).count();
  }

  private Query all() {
    return filter == null ? new FieldExistsQuery(SegmentDocument.VECTOR) : filter;
  }

  /** A dot product of two rounded unit vectors may exceed 1 by a hair. */
  private static ScoreDoc[] atMostOne(ScoreDoc[] found) {
    for (ScoreDoc segment : found) {
      segment.score = Math.min(1, segment.score);
    }
    return found;
  }

  List<Hit> matching(Query words) throws IOException {
    return hits(searcher.search(inScope(words), limit).scoreDocs);
  }

  long countMatchingBetter(Query words, double score) throws IOException {
    return Sequentially.collect(searcher, inScope(words), new BetterCount((float) score)).count();
  }

  private Query inScope(Query words) {
    var query = new BooleanQuery.Builder().add(words, Occur.MUST);
    if (filter != null) {
      query.add(filter, Occur.FILTER);
    }
    return query.build();
  }

  private List<Hit> hits(ScoreDoc[] found) throws IOException {
    var states = new HashMap<DocumentId, StateDocument>();
    var hits = new ArrayList<Hit>(found.length);
    for (ScoreDoc segment : found) {
      hits.add(hit(segment, states));
    }
    return hits;
  }

  private Hit hit(ScoreDoc found, Map<DocumentId, StateDocument> states) throws IOException {
    Document segment = searcher.storedFields().document(found.doc);
    DocumentId id = StateDocument.id(segment);
    StateDocument state = states.get(id);
    if (state == null) {
      state =
          snapshot
              .state(id, StateDocument.HIT_FIELDS)
              .orElseThrow(() -> new IllegalStateException("a segment of " + id + " is left over"));
      states.put(id, state);
    }
    return new Hit(
        id,
        SegmentDocument.ordinal(segment),
        SegmentDocument.text(segment),
        found.score,
        null,
        state.origin(),
        state.indexedAt());
  }
}
