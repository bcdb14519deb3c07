package dev.freshet.feed;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each message of a feed a time of arrival of its own: in microseconds, strictly increasing,
 * even where the clock stands still or is set back.
 */
public final class ArrivalClock {

  private final Clock clock;
  private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);

  public ArrivalClock(Clock clock) {
    this.clock = clock;
  }

  public Instant next() {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    long arrival = last.updateAndGet(previous -> Math.max(previous + 1, now));
    return Instant.EPOCH.plus(arrival, ChronoUnit.MICROS);
  }
}
