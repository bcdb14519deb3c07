package dev.freshet.source.postgresql;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns the texts of a document's id back into values of the key's types. */
final class KeyTexts {

  /**
   * Those whose canonical text says which value it was, and whose equal values are one document or
   * told apart by their texts. An interval, for one, is told in days.
   */
  private static final Set<String> TYPES =
      Set.of(
          "bool",
          "int2",
          "int4",
          "int8",
          "oid",
          "float4",
          "float8",
          "numeric",
          "text",
          "varchar",
          "bpchar",
          "citext",
          "uuid",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "bytea",
          "bit",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "ltree");

  private static final Pattern YEAR = Pattern.compile("([+-]?)(\\d{4,})(-\\d\\d-\\d\\d.*)");

  private KeyTexts() {}

  static boolean takes(SourceColumn column) {
    return column.isEnum() || (column.element() == null && TYPES.contains(column.type()));
  }

  /**
   * The value as PostgreSQL reads it.
   *
   * @throws IllegalArgumentException when it is no value of the type
   */
  static String sql(SourceColumn column, String text) {
    return switch (column.type()) {
      case "date", "timestamp", "timestamptz" -> year(text);
      case "bytea" -> "\\x" + HexFormat.of().formatHex(Base64.getDecoder().decode(text));
      case "bit" -> bits(column.modifier(), text);
      default -> text;
    };
  }

  /** ISO 8601 counts a year 0 and writes signs; PostgreSQL writes the era. */
  private static String year(String text) {
    var parts = YEAR.matcher(text);
    if (!parts.matches() || parts.group(2).length() > 9) {
      return text;
    }
    int year = Integer.parseInt(parts.group(2));
    boolean isBefore = parts.group(1).equals("-") || year == 0;
    return isBefore
        ? "%04d%s BC".formatted(year + 1, parts.group(3))
        : parts.group(2) + parts.group(3);
  }

  /** A single bit is a boolean; more are bytes, the lowest first. */
  private static String bits(int length, String text) {
    if (length <= 1) {
      return Boolean.parseBoolean(text) ? "1" : "0";
    }
    byte[] bytes = Base64.getDecoder().decode(text);
    var bits = new StringBuilder();
    for (int bit = length - 1; bit >= 0; bit--) {
      boolean set = bit / 8 < bytes.length && (bytes[bit / 8] >> (bit % 8) & 1) == 1;
      bits.append(set ? '1' : '0');
    }
    return bits.toString();
  }
}
