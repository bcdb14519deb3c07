package dev.freshet.job;

import java.time.Duration;

/**
 * How much a job may do at once, and how long it leaves the sink alone afterwards, so that it takes
 * its share of the time while others want the sink, and all of it while nobody does.
 *
 * <p>A batch costs something whatever is in it, such as the flush of a disk. Where that is long,
 * small batches would hold the sink hardly less, and do hardly anything.
 */
final class Pace {

  /** So long a live change may find the sink taken. */
  private static final Duration HOLD = Duration.ofMillis(50);

  /** Or so many times as long as by one change alone. */
  private static final double HOLD_TIMES = 1.5;

  private static final int LARGEST_BATCH = 256;
  private static final double WEIGHT = 0.3;

  /** One batch in so many has one change, or two instead of one, to learn what each costs. */
  private static final int PROBE_EVERY = 32;

  private final double share;
  private double nanosAlone;
  private double nanosFurther;
  private int size = 1;
  private int batches;

  /**
   * @param share of the time, above 0 and at most 1
   */
  Pace(double share) {
    this.share = share;
  }

  /** How many changes hold the sink no longer than it may be held. */
  int batch() {
    boolean probes = batches > 0 && batches % PROBE_EVERY == 0;
    return probes ? (size == 1 ? 2 : 1) : size;
  }

  /**
   * So many changes took so long.
   *
   * @param contended whether others used the sink meanwhile or since the last batch
   * @return how long to wait before the next batch
   */
  Duration after(int changes, Duration taken, boolean contended) {
    learn(changes, (double) taken.toNanos());
    return contended
        ? Duration.ofNanos((long) (taken.toNanos() * (1 - share) / share))
        : Duration.ZERO;
  }

  private void learn(int changes, double nanos) {
    if (changes <= 1) {
      nanosAlone = batches == 0 ? nanos : averaged(nanosAlone, nanos);
    } else {
      double further = Math.max(0, nanos - nanosAlone) / (changes - 1);
      nanosFurther = nanosFurther == 0 ? further : averaged(nanosFurther, further);
    }
    batches++;
    double hold = Math.max((double) HOLD.toNanos(), HOLD_TIMES * nanosAlone);
    double most = 1 + Math.max(0, hold - nanosAlone) / Math.max(1, nanosFurther);
    size = (int) Math.max(1, Math.min(Math.min(LARGEST_BATCH, 2.0 * size), most));
  }

  private static double averaged(double before, double now) {
    return WEIGHT * now + (1 - WEIGHT) * before;
  }
}
