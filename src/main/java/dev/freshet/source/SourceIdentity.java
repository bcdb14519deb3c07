package dev.freshet.source;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.ledger.Watermark;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the positions of the index's source are all of one sequence. */
public final class SourceIdentity {

  private static final Logger LOG = LoggerFactory.getLogger(SourceIdentity.class);

  public static final String RESTARTED =
      "the source has started its LSN again, as a restored or replaced cluster does; raise"
          + " freshet.source-epoch by one and restart Freshet";

  /** How far the source's clock may be set back. */
  private static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  private @Nullable String doubt;

  /**
   * A message was settled.
   *
   * @param watermark what is applied so far; null while nothing is known
   */
  public synchronized void see(SourceProgress progress, @Nullable Watermark watermark) {
    if (watermark != null && startsAgain(progress, watermark)) {
      doubt(RESTARTED);
    }
  }

  /** A commit that comes later stands behind those before it. */
  private static boolean startsAgain(SourceProgress progress, Watermark applied) {
    return progress.proof() != null
        && isBefore(progress.proof(), applied.position())
        && progress.commitTime() != null
        && applied.commitTime() != null
        && progress.commitTime().isAfter(applied.commitTime().plus(CLOCK_STEP));
  }

  private static boolean isBefore(CommitPosition place, CommitPosition applied) {
    return place.epoch() == applied.epoch() && !place.reaches(applied);
  }

  /** From now on no position can be compared with those before. */
  public synchronized void doubt(String why) {
    if (doubt == null) {
      LOG.error("The watermark stands still until the next start: {}", why);
      doubt = why;
    }
  }

  /** Why positions cannot be compared; null while they can. */
  public synchronized @Nullable String doubt() {
    return doubt;
  }
}
