package dev.freshet.store.lucene;

/** Counts the collected segments that are nearer than one of a score. */
final class NearerCount extends VectorScores {

  private final float score;
  private long count;

  NearerCount(float[] target, float score) {
    super(target);
    this.score = score;
  }

  @Override
  void scored(int document, float found) {
    // As a search answers it.
    if (Math.min(1, found) > score) {
      count++;
    }
  }

  long count() {
    return count;
  }
}
