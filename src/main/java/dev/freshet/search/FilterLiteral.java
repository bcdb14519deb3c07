package dev.freshet.search;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Reads a value that stands in a filter without quotes: a boolean, a number, or else a text. */
final class FilterLiteral {

  /** JSON's numbers: {@code 007} is a text, as a postal code should be. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,9})?");

  /** Beyond it a number's plain digits would fill memory. */
  private static final int MOST_DIGITS = 400;

  private FilterLiteral() {}

  static Object of(FilterToken token) {
    String text = token.text();
    if (token.kind() == FilterToken.Kind.TEXT) {
      return text;
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    return NUMBER.matcher(text).matches() ? number(token) : text;
  }

  /**
   * LangChain4j's types where they hold the number exactly; an integer beyond 64 bits is a text, as
   * it is in the metadata.
   */
  private static Object number(FilterToken token) {
    var exact = new BigDecimal(token.text());
    if (Math.abs(exact.scale()) > MOST_DIGITS || exact.precision() > MOST_DIGITS) {
      throw new InvalidFilterException(
          token.position(), token.described() + " has more than " + MOST_DIGITS + " digits");
    }
    if (token.text().chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
      return exact.toBigIntegerExact().bitLength() < Long.SIZE
          ? exact.longValueExact()
          : token.text();
    }
    double nearest = exact.doubleValue();
    boolean isExact =
        Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(exact) == 0;
    return isExact ? (Object) nearest : exact;
  }
}
