package dev.freshet.source.postgresql;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and times as the server writes them ({@code DateStyle} ISO, {@code TimeZone} UTC), in the
 * forms that decoded events have: ISO 8601.
 */
final class TimeTexts {

  private static final Pattern DATE = Pattern.compile("(\\d{4,})-(\\d\\d)-(\\d\\d)( BC)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile("(\\d{4,}-\\d\\d-\\d\\d) ([\\d:.]+)(?:\\+00)?( BC)?");

  private static final String MIDNIGHT_AFTER = "24:00:00";
  private static final int MOST_DIGITS = 6;
  private static final int MILLIS = 3;

  /** Debezium's microseconds end here, some years before PostgreSQL's. */
  private static final LocalDateTime LAST =
      LocalDateTime.ofEpochSecond(
          Long.MAX_VALUE / 1_000_000, (int) (Long.MAX_VALUE % 1_000_000) * 1_000, ZoneOffset.UTC);

  private TimeTexts() {}

  static String date(String text) {
    return text.endsWith("infinity") ? text : parse(text).toString();
  }

  private static LocalDate parse(String text) {
    Matcher parts = matching(DATE, text);
    int year = Integer.parseInt(parts.group(1));
    return LocalDate.of(
        parts.group(4) == null ? year : 1 - year,
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  static String time(String text) {
    return text.equals(MIDNIGHT_AFTER) ? text : LocalTime.parse(text).toString();
  }

  static String zonedTime(String text) {
    int sign = Math.max(text.indexOf('+'), text.indexOf('-'));
    var time =
        OffsetTime.of(
            LocalTime.parse(text.substring(0, sign)), ZoneOffset.of(text.substring(sign)));
    return DateTimeFormatter.ISO_OFFSET_TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
  }

  /**
   * @param digits of the seconds' fraction; negative for all that PostgreSQL has
   */
  static String timestamp(String text, int digits) {
    if (text.endsWith("infinity")) {
      return text;
    }
    LocalDateTime time = parseTimestamp(text);
    boolean inMicros = digits < 0 || digits > MILLIS;
    return (inMicros && time.isAfter(LAST) ? LAST : time).toString();
  }

  private static LocalDateTime parseTimestamp(String text) {
    Matcher parts = matching(TIMESTAMP, text);
    String era = parts.group(3) == null ? "" : parts.group(3);
    return parse(parts.group(1) + era).atTime(LocalTime.parse(parts.group(2)));
  }

  /**
   * @param digits of the seconds' fraction; negative for all that PostgreSQL has
   */
  static String zonedTimestamp(String text, int digits) {
    if (text.endsWith("infinity")) {
      return text;
    }
    if (digits == 0) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
          parseTimestamp(text).atOffset(ZoneOffset.UTC));
    }
    int fraction = digits < 0 ? MOST_DIGITS : digits;
    var format =
        new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, fraction, fraction, true)
            .appendOffsetId()
            .toFormatter();
    return format.format(parseTimestamp(text).atOffset(ZoneOffset.UTC));
  }

  private static Matcher matching(Pattern pattern, String text) {
    Matcher parts = pattern.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a time as PostgreSQL writes it");
    }
    return parts;
  }
}
