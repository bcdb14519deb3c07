package dev.freshet.job;

import java.time.Duration;

/**
 * How much a job may do at once, and how long it leaves the sink alone afterwards, so that it takes
 * its share of the time while others want the sink, and all of it while nobody does.
 */
final class Pace {

  /** So long a live change may find the sink taken. */
  private static final Duration HOLD = Duration.ofMillis(50);

  private static final int LARGEST_BATCH = 256;
  private static final double WEIGHT = 0.3;

  private final double share;
  private double nanosEach = HOLD.toNanos() / 4.0;

  /**
   * @param share of the time, above 0 and at most 1
   */
  Pace(double share) {
    this.share = share;
  }

  /** How many changes take about as long as the sink may be held. */
  int batch() {
    return (int) Math.max(1, Math.min(LARGEST_BATCH, HOLD.toNanos() / nanosEach));
  }

  /**
   * So many changes took so long.
   *
   * @param contended whether others used the sink meanwhile or since the last batch
   * @return how long to wait before the next batch
   */
  Duration after(int changes, Duration taken, boolean contended) {
    double each = (double) taken.toNanos() / Math.max(1, changes);
    nanosEach = Math.max(1, WEIGHT * each + (1 - WEIGHT) * nanosEach);
    return contended
        ? Duration.ofNanos((long) (taken.toNanos() * (1 - share) / share))
        : Duration.ZERO;
  }
}
