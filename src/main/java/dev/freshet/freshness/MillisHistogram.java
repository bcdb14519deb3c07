package dev.freshet.freshness;

import java.time.Duration;

/**
 * Counts durations in buckets of fixed number: exact below 16 ms, then eight to each doubling, so
 * that a percentile is at most an eighth too large; those above two hours share the last one.
 */
final class MillisHistogram {

  private static final int EXACT = 16;
  private static final int EXACT_BITS = 4;
  private static final int SUB_BITS = 3;
  private static final int LARGEST_BITS = 23;
  private static final int BUCKETS = EXACT + ((LARGEST_BITS - EXACT_BITS) << SUB_BITS);

  private final int[] counts = new int[BUCKETS];
  private long count;
  private long max;

  void record(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    counts[bucket(millis)]++;
    count++;
    max = Math.max(max, millis);
  }

  private static int bucket(long millis) {
    if (millis < EXACT) {
      return (int) millis;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(millis);
    if (exponent >= LARGEST_BITS) {
      return BUCKETS - 1;
    }
    int sub = (int) (millis >>> (exponent - SUB_BITS)) & ((1 << SUB_BITS) - 1);
    return EXACT + ((exponent - EXACT_BITS) << SUB_BITS) + sub;
  }

  /** The largest duration that a bucket counts. */
  private static long largest(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int exponent = ((bucket - EXACT) >>> SUB_BITS) + EXACT_BITS;
    long sub = ((bucket - EXACT) & ((1 << SUB_BITS) - 1)) + (1L << SUB_BITS);
    return ((sub + 1) << (exponent - SUB_BITS)) - 1;
  }

  long count() {
    return count;
  }

  long maxMillis() {
    return max;
  }

  /**
   * The duration that so many of a hundred do not exceed.
   *
   * @param percent more than 0, at most 100
   */
  long percentileMillis(int percent) {
    long wanted = Math.max(1, (count * percent + 99) / 100);
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS - 1; bucket++) {
      seen += counts[bucket];
      if (seen >= wanted) {
        return Math.min(largest(bucket), max);
      }
    }
    return max;
  }
}
