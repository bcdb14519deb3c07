package dev.freshet.job.drift;

import dev.freshet.changeevent.Lsn;
import java.time.Duration;

/** Tells when the index has what was committed at the source. */
public interface AppliedCommits {

  /** What became of a wait. */
  enum Reached {
    /** All that was committed before the place is applied, or known to have failed. */
    YES,
    /** It is not yet. */
    NOT_YET,
    /** The watermark will not be known, or may be wrong. */
    UNKNOWN
  }

  Reached await(Lsn place, Duration patience) throws InterruptedException;

  /**
   * Waits where the watermark does not tell: first the time that a change may need, then until the
   * feed sees no waiting message.
   *
   * @param patience for what waits; a feed that is never empty does not keep the caller longer
   * @throws dev.freshet.UnavailableException while no change is applied: what is under way stays
   *     under way
   */
  void awaitByTime(Duration time, Duration patience) throws InterruptedException;
}
