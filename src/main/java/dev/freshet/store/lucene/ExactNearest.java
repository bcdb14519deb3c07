package dev.freshet.store.lucene;

import java.io.IOException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.HitQueue;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.VectorScorer;
import org.jspecify.annotations.Nullable;

/** Compares the vector of every collected segment, where the approximate index skips some. */
final class ExactNearest extends SimpleCollector {

  private final float[] target;
  private final HitQueue nearest;
  private @Nullable VectorScorer scorer;
  private int base;

  ExactNearest(float[] target, int limit) {
    this.target = target;
    this.nearest = new HitQueue(limit, false);
  }

  @Override
  protected void doSetNextReader(LeafReaderContext leaf) throws IOException {
    FloatVectorValues values = leaf.reader().getFloatVectorValues(SegmentDocument.VECTOR);
    scorer = values == null ? null : values.scorer(target);
    base = leaf.docBase;
  }

  @Override
  public void collect(int document) throws IOException {
    if (scorer == null) {
      return;
    }
    DocIdSetIterator vectors = scorer.iterator();
    if (vectors.docID() < document) {
      vectors.advance(document);
    }
    if (vectors.docID() == document) {
      nearest.insertWithOverflow(new ScoreDoc(base + document, scorer.score()));
    }
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }

  /** The nearest segments, nearest first. */
  ScoreDoc[] result() {
    var result = new ScoreDoc[nearest.size()];
    for (int i = result.length - 1; i >= 0; i--) {
      result[i] = nearest.pop();
    }
    return result;
  }
}
