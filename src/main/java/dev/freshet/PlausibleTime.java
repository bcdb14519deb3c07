package dev.freshet;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which times of others are believed: those that the clock of a running system can show. A time
 * that a message says, in its body or its headers, passes here before anything is computed with it:
 * lag and its history, the watermark's time, spans, the order of arrival.
 */
public final class PlausibleTime {

  /** What is older was never captured by Debezium. */
  public static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  /** How far another machine's clock may be ahead. */
  public static final Duration AHEAD = Duration.ofMinutes(5);

  private PlausibleTime() {}

  /** Whether a clock can show that time now. */
  public static boolean isPlausible(Instant time, Instant now) {
    return !time.isBefore(EARLIEST) && !time.isAfter(now.plus(AHEAD));
  }

  /** The time; null where there is none, or no clock can show it now. */
  public static @Nullable Instant orNull(@Nullable Instant time, Instant now) {
    return time != null && isPlausible(time, now) ? time : null;
  }
}
