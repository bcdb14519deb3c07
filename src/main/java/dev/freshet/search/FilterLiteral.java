package dev.freshet.search;

import dev.freshet.document.MetadataValue;
import dev.freshet.index.FilterValue;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Reads a value that stands in a filter without quotes: a boolean, a number, or else a text. */
final class FilterLiteral {

  /** JSON's numbers: {@code 007} is a text, as a postal code should be. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,9})?");

  private FilterLiteral() {}

  static FilterValue of(FilterToken token) {
    String text = token.text();
    if (token.kind() == FilterToken.Kind.TEXT) {
      return FilterValue.of(text);
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return FilterValue.of(Boolean.parseBoolean(text));
    }
    return NUMBER.matcher(text).matches() ? number(token) : FilterValue.of(text);
  }

  private static FilterValue number(FilterToken token) {
    var exact = new BigDecimal(token.text());
    if (Math.abs(exact.scale()) > MetadataValue.MOST_DIGITS
        || exact.precision() > MetadataValue.MOST_DIGITS) {
      throw new InvalidFilterException(
          token.position(),
          token.described() + " has more than " + MetadataValue.MOST_DIGITS + " digits");
    }
    return FilterValue.of(exact);
  }
}
