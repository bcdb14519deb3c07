package dev.freshet;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** The bounds that all histograms of durations share: from 1 ms to 5 minutes. */
public final class Buckets {

  /** In ascending order. */
  private static final List<Duration> BOUNDS =
      LongStream.of(
              1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
              300_000)
          .mapToObj(Duration::ofMillis)
          .toList();

  private Buckets() {}

  /** The timer, with these bounds. */
  public static Timer.Builder of(Timer.Builder timer) {
    return timer.serviceLevelObjectives(BOUNDS.toArray(Duration[]::new));
  }
}
