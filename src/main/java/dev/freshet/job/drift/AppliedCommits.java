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
    /** The watermark is not known, or may be wrong. */
    UNKNOWN
  }

  Reached await(Lsn place, Duration patience) throws InterruptedException;

  /**
   * Goes on where changes are applied as they come.
   *
   * @throws dev.freshet.UnavailableException while none are: what is under way stays under way
   */
  void requireFlow();
}
