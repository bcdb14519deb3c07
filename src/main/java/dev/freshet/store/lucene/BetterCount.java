package dev.freshet.store.lucene;

import java.io.IOException;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.jspecify.annotations.Nullable;

/** Counts what a query scores higher than this. */
final class BetterCount extends SimpleCollector {

  private final float score;
  private @Nullable Scorable scorer;
  private long count;

  BetterCount(float score) {
    this.score = score;
  }

  @Override
  public void setScorer(Scorable current) {
    scorer = current;
  }

  @Override
  public void collect(int document) throws IOException {
    if (scorer != null && scorer.score() > score) {
      count++;
    }
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE;
  }

  long count() {
    return count;
  }
}
