package dev.freshet.job.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Base64;
import java.util.List;

/**
 * The forms that one value has in messages. Without a schema a date is a number of days, a time a
 * number of milliseconds or microseconds, a decimal base64; by other settings of Debezium's a
 * decimal is a text or a floating-point number.
 */
final class ValueForms {

  private static final long NANOS = 1_000_000_000;

  /** Units of a second that Debezium counts times in. */
  private static final List<Long> UNITS = List.of(1_000L, 1_000_000L, NANOS);

  /** A floating-point number has no more digits that say something. */
  private static final String AFTER_MIDNIGHT = "24:00:00";

  private static final long SECONDS_OF_DAY = 86_400;

  private static final long LAST_DAY = 2_145_031_948;
  private static final long LAST_MICROSECOND = 9_223_371_331_199_999_999L;

  private ValueForms() {}

  /**
   * Whether a stored value says the same as one that was read.
   *
   * @param read in the form of messages with their schema
   */
  static boolean same(JsonNode stored, JsonNode read) {
    if (stored.equals(read) || stored.toString().equals(read.toString())) {
      return true;
    }
    if (stored.isNumber() && read.isNumber()) {
      return stored.decimalValue().compareTo(read.decimalValue()) == 0;
    }
    if (stored.isIntegralNumber() && read.isTextual()) {
      return stored.canConvertToLong() && isTime(stored.longValue(), read.textValue());
    }
    if (stored.isTextual() && read.isNumber()) {
      return isDecimal(stored.textValue(), read.decimalValue());
    }
    if (stored.isArray() && read.isArray() && stored.size() == read.size()) {
      for (int i = 0; i < stored.size(); i++) {
        if (!same(stored.get(i), read.get(i))) {
          return false;
        }
      }
      return true;
    }
    return false;
  }

  /** A decimal as a text, or as the base64 of its digits. */
  private static boolean isDecimal(String stored, BigDecimal read) {
    try {
      return new BigDecimal(stored).compareTo(read) == 0;
    } catch (NumberFormatException e) {
      return isEncoded(stored, read);
    }
  }

  private static boolean isEncoded(String stored, BigDecimal read) {
    try {
      byte[] unscaled = Base64.getDecoder().decode(stored);
      return unscaled.length > 0 && new BigInteger(unscaled).equals(read.unscaledValue());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isTime(long stored, String read) {
    try {
      if (read.startsWith("P")) {
        return Duration.ofNanos(Math.multiplyExact(stored, 1_000L)).equals(Duration.parse(read));
      }
      if (read.equals(AFTER_MIDNIGHT)) {
        return UNITS.stream().anyMatch(unit -> stored == SECONDS_OF_DAY * unit);
      }
      if (read.indexOf('T') > 0) {
        LocalDateTime time = LocalDateTime.parse(read);
        long seconds = time.toEpochSecond(ZoneOffset.UTC);
        return UNITS.stream()
            .anyMatch(
                unit ->
                    Math.floorDiv(stored, unit) == seconds
                        && Math.floorMod(stored, unit) * (NANOS / unit)
                            == time.get(ChronoField.NANO_OF_SECOND));
      }
      if (read.indexOf(':') > 0) {
        long nanos = LocalTime.parse(read).toNanoOfDay();
        return UNITS.stream().anyMatch(unit -> stored * (NANOS / unit) == nanos);
      }
      return LocalDate.parse(read).toEpochDay() == stored;
    } catch (DateTimeException | ArithmeticException e) {
      return isInfinite(stored, read);
    }
  }

  /**
   * The numbers that stand for it differ by type and by how the row was captured: they are beyond
   * the last day (year 5874897), or beyond the last microsecond (year 294276) also in milliseconds.
   */
  private static boolean isInfinite(long stored, String read) {
    if (!read.equals("infinity") && !read.equals("-infinity")) {
      return false;
    }
    boolean isFuture = read.equals("infinity");
    return (Math.abs(stored) > LAST_DAY && Math.abs(stored) <= -(long) Integer.MIN_VALUE)
        || (stored > 0 == isFuture
            && (isBeyond(stored, LAST_MICROSECOND, Long.MAX_VALUE)
                || isBeyond(stored, LAST_MICROSECOND / 1_000, Long.MAX_VALUE / 1_000 + 1)));
  }

  private static boolean isBeyond(long stored, long last, long most) {
    return stored < 0 ? stored < -last && stored >= -most - 1 : stored > last && stored <= most;
  }
}
