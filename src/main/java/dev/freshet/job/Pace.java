package dev.freshet.job;

import java.time.Duration;

/**
 * How much a job may do at once, and how long it leaves the sink alone afterwards, so that it takes
 * its share of the time that live changes leave, and all of it while there are none.
 *
 * <p>A batch costs something whatever is in it, such as the flush of a disk. Where that is long,
 * small batches would hold the sink hardly less, and do hardly anything.
 */
final class Pace {

  /** So long a live change may find the sink taken. */
  private static final Duration HOLD = Duration.ofMillis(25);

  /**
   * Or so many times as long as by one change alone, or the job's share where others hold longer.
   */
  private static final double HOLD_TIMES = 1.5;

  /** The part of its share that a job has of the time where live changes never pause. */
  private static final double LEAST = 1.0 / 6;

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
   * So many changes held the sink so long.
   *
   * @param waited how long live changes had it before
   */
  void learn(int changes, Duration held, Duration waited) {
    double nanos = held.toNanos();
    if (changes <= 1) {
      nanosAlone = batches == 0 ? nanos : averaged(nanosAlone, nanos);
    } else {
      double further = Math.max(0, nanos - nanosAlone) / (changes - 1);
      nanosFurther = nanosFurther == 0 ? further : averaged(nanosFurther, further);
    }
    batches++;
    double hold = Math.max((double) HOLD.toNanos(), HOLD_TIMES * nanosAlone);
    hold = Math.max(hold, share * waited.toNanos());
    double most = 1 + Math.max(0, hold - nanosAlone) / Math.max(1, nanosFurther);
    size = (int) Math.max(1, Math.min(Math.min(LARGEST_BATCH, 2.0 * size), most));
  }

  /**
   * How long the sink must have been unused before the next batch, beside live changes. However
   * busy it is, they then wait for it at most 1 / (1 - share) times as long.
   */
  Duration idleAfter(Duration held) {
    return Duration.ofNanos((long) (held.toNanos() * (1 - share) / share));
  }

  /** How long to wait at most for such a time: a job goes on where live changes never pause. */
  Duration longestRestAfter(Duration held) {
    double least = share * LEAST;
    return Duration.ofNanos((long) (held.toNanos() * (1 - least) / least));
  }

  private static double averaged(double before, double now) {
    return WEIGHT * now + (1 - WEIGHT) * before;
  }
}
