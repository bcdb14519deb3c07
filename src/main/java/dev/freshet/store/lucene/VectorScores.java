package dev.freshet.store.lucene;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.VectorScorer;
import org.jspecify.annotations.Nullable;

/** Compares the vector of every collected segment, where the approximate index skips some. */
abstract class VectorScores extends SimpleCollector {

  private final float[] target;
  private @Nullable VectorScorer scorer;
  private int base;

  VectorScores(float[] target) {
    this.target = target;
  }

  /**
   * Takes the score of one segment. The dot product of two rounded unit vectors may exceed 1 by a
   * hair.
   */
  abstract void scored(int document, float score);

  @Override
  protected void doSetNextReader(LeafReaderContext leaf) throws IOException {
    var values = leaf.reader().getFloatVectorValues(SegmentDocument.VECTOR);
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
      scored(base + document, scorer.score());
    }
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }
}
