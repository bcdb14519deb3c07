package dev.freshet;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Durations as people write them: {@code 10 s}, {@code 500 ms}, {@code 30 d}. */
public final class DurationText {

  private DurationText() {}

  /** In the largest unit that needs no fraction; what is shorter than a millisecond is left out. */
  public static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis % TimeUnit.SECONDS.toMillis(1) != 0) {
      return millis + " ms";
    }
    long seconds = duration.toSeconds();
    if (seconds == 0 || seconds % TimeUnit.MINUTES.toSeconds(1) != 0) {
      return seconds + " s";
    }
    if (seconds % TimeUnit.HOURS.toSeconds(1) != 0) {
      return duration.toMinutes() + " min";
    }
    return seconds % TimeUnit.DAYS.toSeconds(1) != 0
        ? duration.toHours() + " h"
        : duration.toDays() + " d";
  }
}
