package dev.freshet.support;

import dev.freshet.feed.FeedState;
import dev.freshet.freshness.Departed;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.Waits;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceOwnership;
import java.time.Clock;

/** Progress whose watermark is forgotten with the test. */
public final class ForgetfulProgress {

  private ForgetfulProgress() {}

  public static IndexingProgress of(FeedState feed) {
    var waits = new Waits(100);
    var tracker =
        new WatermarkTracker(
            new InMemoryWatermarks(), feed, Departed.NONE, 0, waits, Clock.systemUTC());
    return of(tracker, waits);
  }

  /** Progress with a tracker of the test's own. */
  public static IndexingProgress of(WatermarkTracker tracker, Waits waits) {
    return new IndexingProgress(
        tracker,
        new SourceOwnership(new InMemoryNotes(), Clock.systemUTC()),
        new KeyCoverage(new InMemoryLedger()),
        waits,
        Clock.systemUTC());
  }
}
