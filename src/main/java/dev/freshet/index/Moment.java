package dev.freshet.index;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The time that a text says, in the forms of ISO 8601 and of PostgreSQL: a date, a timestamp, a
 * time of day, with an offset or without. What has no offset is taken for UTC, and a date for its
 * midnight, so that all but times of day stand on one line.
 *
 * @param seconds since 1970, or since midnight
 * @param ofDay whether it is a time of day alone
 */
record Moment(BigDecimal seconds, boolean ofDay) {

  private static final int LONGEST = 48;
  private static final BigDecimal INFINITY = BigDecimal.TEN.pow(18);
  private static final int SECONDS_PER_DAY = 86_400;

  private static final String DATE = "(?<date>[+-]?\\d{4,9}-\\d\\d-\\d\\d)";
  private static final String TIME = "(?<time>\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?)";

  /** A plus sign that a URL does not encode arrives as a blank. */
  private static final String OFFSET = "(?<offset>[Zz]|[ +-]\\d\\d(:?\\d\\d){0,2})";

  private static final Pattern TIMESTAMP =
      Pattern.compile(DATE + "(?:[Tt ]" + TIME + OFFSET + "?)?");
  private static final Pattern TIME_OF_DAY = Pattern.compile(TIME + OFFSET + "?");

  static Optional<Moment> of(String text) {
    if (text.length() > LONGEST || text.length() < 5) {
      return Optional.empty();
    }
    if (text.equals("infinity")) {
      return Optional.of(new Moment(INFINITY, false));
    }
    if (text.equals("-infinity")) {
      return Optional.of(new Moment(INFINITY.negate(), false));
    }
    try {
      return parse(text);
    } catch (DateTimeException e) {
      // It only looks like a time, as 2024-02-31 does.
      return Optional.empty();
    }
  }

  private static Optional<Moment> parse(String text) {
    Matcher timestamp = TIMESTAMP.matcher(text);
    if (timestamp.matches()) {
      long days = LocalDate.parse(timestamp.group("date")).toEpochDay();
      BigDecimal midnight = BigDecimal.valueOf(days * SECONDS_PER_DAY);
      return Optional.of(new Moment(midnight.add(ofDay(timestamp)), false));
    }
    Matcher time = TIME_OF_DAY.matcher(text);
    return time.matches() ? Optional.of(new Moment(ofDay(time), true)) : Optional.empty();
  }

  private static BigDecimal ofDay(Matcher matcher) {
    String time = matcher.group("time");
    if (time == null) {
      return BigDecimal.ZERO;
    }
    // PostgreSQL's 24:00:00 has no LocalTime.
    BigDecimal seconds =
        time.matches("24:00(:00(\\.0+)?)?")
            ? BigDecimal.valueOf(SECONDS_PER_DAY)
            : BigDecimal.valueOf(LocalTime.parse(time).toNanoOfDay(), 9);
    return seconds.subtract(BigDecimal.valueOf(offset(matcher.group("offset"))));
  }

  private static int offset(@Nullable String offset) {
    if (offset == null) {
      return 0;
    }
    String signed = offset.charAt(0) == ' ' ? '+' + offset.substring(1) : offset;
    return ZoneOffset.of(signed.equals("z") ? "Z" : signed).getTotalSeconds();
  }
}
