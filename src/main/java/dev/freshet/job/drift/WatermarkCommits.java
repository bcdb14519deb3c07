package dev.freshet.job.drift;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.PublishedWatermark;
import dev.freshet.freshness.TooManyWaitersException;
import dev.freshet.freshness.WatermarkTracker;
import dev.freshet.job.JobGate;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Asks the watermark. */
public final class WatermarkCommits implements AppliedCommits {

  /** It may come to be known. */
  private static final Duration GLANCE = Duration.ofSeconds(3);

  private final CommitWaits waits;
  private final Supplier<PublishedWatermark> watermark;
  private final JobGate gate;

  /**
   * @param gate closed while nothing is applied
   */
  public WatermarkCommits(CommitWaits waits, WatermarkTracker tracker, JobGate gate) {
    this.waits = waits;
    this.watermark = tracker::published;
    this.gate = gate;
  }

  @Override
  public Reached await(Lsn place, Duration patience) throws InterruptedException {
    try {
      boolean known = isKnown();
      boolean reached = waits.awaitCommit(place, known ? patience : GLANCE).get();
      if (!reached) {
        requireFlow();
      }
      if (!isKnown()) {
        return Reached.UNKNOWN;
      }
      return reached ? Reached.YES : Reached.NOT_YET;
    } catch (TooManyWaitersException e) {
      throw new UnavailableException("too many wait for the index", e);
    } catch (ExecutionException e) {
      throw new UnavailableException("the wait for the index has failed", e);
    }
  }

  @Override
  public void requireFlow() {
    gate.pass();
  }

  private boolean isKnown() {
    PublishedWatermark now = watermark.get();
    return now.exact() && now.comparable() && now.watermark() != null;
  }
}
