package dev.freshet.store.lucene;

import org.apache.lucene.search.HitQueue;
import org.apache.lucene.search.ScoreDoc;

/** The nearest of all collected segments. */
final class ExactNearest extends VectorScores {

  private final HitQueue nearest;

  ExactNearest(float[] target, int limit) {
    super(target);
    this.nearest = new HitQueue(limit, false);
  }

  @Override
  void scored(int document, float score) {
    nearest.insertWithOverflow(new ScoreDoc(document, score));
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
