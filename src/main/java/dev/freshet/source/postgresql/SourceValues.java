package dev.freshet.source.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of the source as a message of Debezium's with its schema has it once it is decoded: exact
 * decimals, ISO 8601 times. Debezium leaves out columns of types that it does not know, and so does
 * this.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-data-types">
 *     Data type mappings</a>
 */
final class SourceValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Debezium's length of a month in an interval, in days. */
  private static final double MONTH = 365.25 / 12.0;

  private static final int MONEY_SCALE = 2;

  /** A numeric's modifier has its precision above these bits, and its scale in the lowest. */
  private static final int SCALE_BITS = 11;

  private static final Pattern INTERVAL =
      Pattern.compile("(-?\\d+) (year|mon|day)s?|(-?)(\\d+):(\\d\\d):([\\d.]+)");

  private static final int MONTHS_OF_YEAR = 12;

  private static final Pattern PAIR =
      Pattern.compile(
          "\"((?:[^\"\\\\]|\\\\.)*)\"=>(?:NULL|\"((?:[^\"\\\\]|\\\\.)*)\")", Pattern.DOTALL);

  private static final int WELL_KNOWN_POINT = 21;

  private SourceValues() {}

  /**
   * How a column's text is read; empty where Debezium has no value for it.
   *
   * @throws IllegalArgumentException from the function, for a text that the server does not write
   */
  static Optional<Function<String, JsonNode>> of(SourceColumn column) {
    SourceColumn element = column.element();
    if (element != null) {
      return ArrayTexts.of(element);
    }
    return Optional.ofNullable(column.isEnum() ? TextNode::valueOf : scalar(column));
  }

  private static @Nullable Function<String, JsonNode> scalar(SourceColumn column) {
    return switch (column.type()) {
      case "bool" -> text -> BooleanNode.valueOf(text.equals("t"));
      case "int2", "int4", "int8", "oid" -> text -> JSON.numberNode(Long.parseLong(text));
      case "float4" -> text -> floating(text, Float.toString(Float.parseFloat(text)));
      case "float8" -> text -> floating(text, Double.toString(Double.parseDouble(text)));
      case "numeric" -> text -> decimal(text, column.modifier());
      case "money" ->
          text ->
              DecimalNode.valueOf(new BigDecimal(text).setScale(MONEY_SCALE, RoundingMode.HALF_UP));
      case "date" -> text -> TextNode.valueOf(TimeTexts.date(text));
      case "time" -> text -> TextNode.valueOf(TimeTexts.time(text));
      case "timetz" -> text -> TextNode.valueOf(TimeTexts.zonedTime(text));
      case "timestamp" -> text -> TextNode.valueOf(TimeTexts.timestamp(text, column.modifier()));
      case "timestamptz" ->
          text -> TextNode.valueOf(TimeTexts.zonedTimestamp(text, column.modifier()));
      case "interval" -> text -> TextNode.valueOf(interval(text));
      case "bytea" -> text -> TextNode.valueOf(base64(bytes(text)));
      case "bit", "varbit" -> text -> bits(text, column.modifier());
      case "point" -> SourceValues::point;
      case "hstore" -> text -> TextNode.valueOf(hstore(text));
      case "vector" -> text -> vector(text, number -> Double.toString(Double.parseDouble(number)));
      case "halfvec" -> text -> vector(text, number -> Float.toString(Float.parseFloat(number)));
      case "text",
          "varchar",
          "bpchar",
          "citext",
          "uuid",
          "json",
          "jsonb",
          "xml",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange",
          "ltree",
          "isbn",
          "tsvector" ->
          TextNode::valueOf;
      default -> null;
    };
  }

  /** JSON has no number for those that are none. */
  private static JsonNode floating(String text, String shortest) {
    return Character.isLetter(text.charAt(text.length() - 1))
        ? TextNode.valueOf(shortest)
        : DecimalNode.valueOf(new BigDecimal(shortest));
  }

  /** Debezium's exact decimals cannot say NaN and infinity: they come as NULL. */
  static JsonNode decimal(String text, int modifier) {
    if (Character.isLetter(text.charAt(text.length() - 1))) {
      return NullNode.instance;
    }
    var number = new BigDecimal(text);
    if (modifier >= 0) {
      return DecimalNode.valueOf(number.setScale(scale(modifier)));
    }
    return DecimalNode.valueOf(Numerics.withoutZeros(number));
  }

  private static int scale(int modifier) {
    int scale = (modifier - 4) & ((1 << SCALE_BITS) - 1);
    return scale >= 1 << (SCALE_BITS - 1) ? scale - (1 << SCALE_BITS) : scale;
  }

  /** A decimal in an array without a scale of its own, which no decoder reads. */
  static JsonNode encodedDecimal(String text) {
    JsonNode number = decimal(text, -1);
    if (number.isNull()) {
      return number;
    }
    BigInteger unscaled = number.decimalValue().unscaledValue();
    return JSON.objectNode()
        .put("scale", number.decimalValue().scale())
        .put("value", base64(unscaled.toByteArray()));
  }

  private static String interval(String text) {
    long months = 0;
    long days = 0;
    double seconds = 0;
    var parts = INTERVAL.matcher(text);
    while (parts.find()) {
      if (parts.group(3) != null) {
        double time =
            (Integer.parseInt(parts.group(4)) * 60 + Integer.parseInt(parts.group(5))) * 60
                + Double.parseDouble(parts.group(6));
        seconds = parts.group(3).equals("-") ? -time : time;
      } else if (parts.group(2).equals("day")) {
        days = Long.parseLong(parts.group(1));
      } else {
        months +=
            Long.parseLong(parts.group(1)) * (parts.group(2).equals("year") ? MONTHS_OF_YEAR : 1);
      }
    }
    double all = (months * MONTH + days) * 24 * 60 * 60 + seconds;
    return Duration.ofSeconds(0, 1_000).multipliedBy((long) (all * 1e6)).toString();
  }

  static byte[] bytes(String hexadecimal) {
    return HexFormat.of().parseHex(hexadecimal.substring("\\x".length()));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** As many bytes as the highest bit needs, the lowest first. */
  private static JsonNode bits(String text, int length) {
    if (length == 1) {
      return BooleanNode.valueOf(text.equals("1"));
    }
    var set = new BitSet(text.length());
    for (int i = 0; i < text.length(); i++) {
      set.set(text.length() - 1 - i, text.charAt(i) == '1');
    }
    return TextNode.valueOf(base64(set.toByteArray()));
  }

  private static JsonNode point(String text) {
    int comma = text.indexOf(',');
    double x = Double.parseDouble(text.substring(1, comma));
    double y = Double.parseDouble(text.substring(comma + 1, text.length() - 1));
    var form = ByteBuffer.allocate(WELL_KNOWN_POINT).order(ByteOrder.LITTLE_ENDIAN);
    form.put((byte) 1).putInt(1).putDouble(x).putDouble(y);
    var node = JSON.objectNode();
    node.set("x", floating("0", Double.toString(x)));
    node.set("y", floating("0", Double.toString(y)));
    node.put("wkb", base64(form.array()));
    return node.putNull("srid");
  }

  /** The pairs in the order that Debezium's memory has them. */
  private static String hstore(String text) {
    var pairs = new HashMap<String, @Nullable String>();
    var parts = PAIR.matcher(text);
    while (parts.find()) {
      String value = parts.group(2);
      pairs.put(unquoted(parts.group(1)), value == null ? null : unquoted(value));
    }
    var node = JSON.objectNode();
    pairs.forEach(node::put);
    return node.toString();
  }

  private static String unquoted(String text) {
    return text.replaceAll("\\\\(.)", "$1");
  }

  private static JsonNode vector(String text, Function<String, String> number) {
    var array = JSON.arrayNode();
    for (String one : text.substring(1, text.length() - 1).split(",", -1)) {
      array.add(floating("0", number.apply(one.strip())));
    }
    return array;
  }
}
