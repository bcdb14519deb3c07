package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** Debezium's encoded dates and times, to ISO 8601 texts. Texts stand for themselves. */
final class Temporals {

  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  /** PostgreSQL's timestamps end with the year 294276 and begin with 4713 BC. */
  private static final int LAST_YEAR = 294_276;

  private static final int FIRST_YEAR = -4_713;

  private Temporals() {}

  /** Days since the epoch. */
  static JsonNode date(JsonNode value) {
    if (value.isTextual()) {
      return value;
    }
    return text(() -> LocalDate.ofEpochDay(integer(value)).toString());
  }

  /** A time of day in units since midnight; PostgreSQL's 24:00:00 has no {@code LocalTime}. */
  static JsonNode time(JsonNode value, long nanosPerUnit) {
    if (value.isTextual()) {
      return value;
    }
    return text(
        () -> {
          long nanos = Math.multiplyExact(integer(value), nanosPerUnit);
          return nanos == NANOS_PER_DAY ? "24:00:00" : LocalTime.ofNanoOfDay(nanos).toString();
        });
  }

  /** A timestamp without a zone; PostgreSQL's infinities lie beyond its first and last year. */
  static JsonNode timestamp(JsonNode value, long unitsPerSecond) {
    if (value.isTextual()) {
      return value;
    }
    return text(
        () -> {
          long units = integer(value);
          long nanosPerUnit = 1_000_000_000 / unitsPerSecond;
          var timestamp =
              LocalDateTime.ofEpochSecond(
                  Math.floorDiv(units, unitsPerSecond),
                  Math.toIntExact(Math.floorMod(units, unitsPerSecond) * nanosPerUnit),
                  ZoneOffset.UTC);
          if (timestamp.getYear() > LAST_YEAR) {
            return "infinity";
          }
          return timestamp.getYear() < FIRST_YEAR ? "-infinity" : timestamp.toString();
        });
  }

  private static long integer(JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("expected an integer");
    }
    return value.longValue();
  }

  private static JsonNode text(Supplier<String> conversion) {
    try {
      return TextNode.valueOf(conversion.get());
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException("out of range", e);
    }
  }
}
