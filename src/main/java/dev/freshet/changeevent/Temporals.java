package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Supplier;

/** Debezium's encoded dates and times, to ISO 8601 texts. Texts stand for themselves. */
final class Temporals {

  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  /** What the PostgreSQL driver makes of infinity and -infinity, in milliseconds. */
  private static final long INFINITY = 9_223_372_036_825_200L;

  private static final long MINUS_INFINITY = -9_223_372_036_832_400L;

  /** The days that Debezium makes of an infinite date, streamed and in a snapshot. */
  private static final Map<Long, String> INFINITE_DATES =
      Map.of(
          -2_147_472_692L, "infinity",
          -622_191_234L, "infinity",
          -2_147_472_691L, "-infinity",
          -625_821_272L, "-infinity");

  private Temporals() {}

  /** Days since the epoch. */
  static JsonNode date(JsonNode value) {
    if (value.isTextual()) {
      return value;
    }
    return text(
        () -> {
          long days = integer(value);
          String infinite = INFINITE_DATES.get(days);
          return infinite != null ? infinite : LocalDate.ofEpochDay(days).toString();
        });
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

  /** A timestamp without a zone, in units since the epoch. */
  static JsonNode timestamp(JsonNode value, long unitsPerSecond) {
    if (value.isTextual()) {
      return value;
    }
    return text(
        () -> {
          long units = integer(value);
          long seconds = Math.floorDiv(units, unitsPerSecond);
          long nanos = Math.floorMod(units, unitsPerSecond) * (1_000_000_000 / unitsPerSecond);
          if (seconds == INFINITY / 1_000) {
            return "infinity";
          }
          if (seconds == Math.floorDiv(MINUS_INFINITY, 1_000L)) {
            return "-infinity";
          }
          return LocalDateTime.ofEpochSecond(seconds, Math.toIntExact(nanos), ZoneOffset.UTC)
              .toString();
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
