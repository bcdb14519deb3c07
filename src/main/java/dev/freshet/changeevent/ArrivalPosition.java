package dev.freshet.changeevent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The position of an event that carries none of its own: its order of arrival.
 *
 * @param microseconds since the epoch, strictly increasing within one feed
 */
public record ArrivalPosition(long microseconds) implements Position {

  static final char KIND = 'A';

  static ArrivalPosition at(Instant receivedAt) {
    return new ArrivalPosition(ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt));
  }

  static ArrivalPosition parse(String sortKey) {
    return new ArrivalPosition(Long.parseLong(sortKey.substring(1), 16));
  }

  /** What arrived later wins; against a position of another kind nothing else is known either. */
  @Override
  public boolean supersedes(Position applied) {
    return !(applied instanceof ArrivalPosition other) || microseconds > other.microseconds;
  }

  @Override
  public boolean contradicts(Position applied) {
    return false;
  }

  @Override
  public String sortKey() {
    return String.format(Locale.ROOT, "%c%016X", KIND, microseconds);
  }
}
