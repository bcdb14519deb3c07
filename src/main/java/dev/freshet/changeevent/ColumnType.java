package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How Debezium encodes a value that JSON has no type for. A message with its schema says so itself;
 * for messages without, a table's {@code column-types} can.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-data-types">
 *     Data type mappings</a>
 */
@FunctionalInterface
public interface ColumnType {

  /**
   * Decodes a value: decimals to exact numbers, dates and times to ISO 8601 texts.
   *
   * @param encoded not null
   * @throws IllegalArgumentException when the value is not encoded so
   */
  JsonNode decode(JsonNode encoded);

  /** The types by the name that a table's {@code column-types} gives them; and decimal(scale). */
  Map<String, ColumnType> NAMED =
      Map.of(
          "date", Temporals::date,
          "time-millis", value -> Temporals.time(value, 1_000_000),
          "time-micros", value -> Temporals.time(value, 1_000),
          "timestamp-millis", value -> Temporals.timestamp(value, 1_000),
          "timestamp-micros", value -> Temporals.timestamp(value, 1_000_000),
          "timestamp-nanos", value -> Temporals.timestamp(value, 1_000_000_000));

  /** The types by the name that Debezium and Kafka Connect give them in a schema. */
  Map<String, ColumnType> BY_SCHEMA =
      Map.ofEntries(
          Map.entry("io.debezium.time.Date", Temporals::date),
          Map.entry("io.debezium.time.Time", value -> Temporals.time(value, 1_000_000)),
          Map.entry("io.debezium.time.MicroTime", value -> Temporals.time(value, 1_000)),
          Map.entry("io.debezium.time.NanoTime", value -> Temporals.time(value, 1)),
          Map.entry("io.debezium.time.Timestamp", value -> Temporals.timestamp(value, 1_000)),
          Map.entry(
              "io.debezium.time.MicroTimestamp", value -> Temporals.timestamp(value, 1_000_000)),
          Map.entry(
              "io.debezium.time.NanoTimestamp", value -> Temporals.timestamp(value, 1_000_000_000)),
          Map.entry("io.debezium.time.MicroDuration", ColumnType::duration),
          Map.entry("org.apache.kafka.connect.data.Date", Temporals::date),
          Map.entry(
              "org.apache.kafka.connect.data.Time", value -> Temporals.time(value, 1_000_000)),
          Map.entry(
              "org.apache.kafka.connect.data.Timestamp",
              value -> Temporals.timestamp(value, 1_000)));

  /** PostgreSQL's numeric has at most 131,072 digits before the point, and 16,383 after it. */
  int LARGEST_SCALE = 131_072;

  /** As many as these digits need; to write out many more would take minutes. */
  int MOST_BYTES = 65_536;

  Pattern DECIMAL = Pattern.compile("decimal\\((\\d{1,5})\\)");

  /**
   * @throws IllegalArgumentException when there is no type of this name
   */
  static ColumnType named(String name) {
    var decimal = DECIMAL.matcher(name);
    if (decimal.matches()) {
      int scale = Integer.parseInt(decimal.group(1));
      return value -> decimal(value, scale);
    }
    return Optional.ofNullable(NAMED.get(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + name
                        + "' is not a column type; use decimal(scale), "
                        + String.join(", ", NAMED.keySet().stream().sorted().toList())));
  }

  /** The type that a column's schema names, where its values need decoding. */
  static Optional<ColumnType> ofSchema(JsonNode schema) {
    if (schema.path("type").asText().equals("array")) {
      return ofSchema(schema.path("items")).map(ColumnType::array);
    }
    String name = schema.path("name").asText();
    if (name.equals("org.apache.kafka.connect.data.Decimal")) {
      int scale = schema.path("parameters").path("scale").asInt();
      return Optional.of(value -> decimal(value, scale));
    }
    return Optional.ofNullable(BY_SCHEMA.get(name));
  }

  private static ColumnType array(ColumnType items) {
    return value -> {
      var decoded = JsonNodeFactory.instance.arrayNode();
      value.forEach(item -> decoded.add(item.isNull() ? item : items.decode(item)));
      return decoded;
    };
  }

  /** Debezium's decimals of variable scale say what they are: {@code {"scale":2,"value":"…"}}. */
  static boolean isVariableScaleDecimal(JsonNode value) {
    return value.size() == 2 && value.path("scale").isInt() && value.path("value").isTextual();
  }

  static JsonNode variableScaleDecimal(JsonNode value) {
    if (Math.abs((long) value.path("scale").intValue()) > LARGEST_SCALE) {
      throw new IllegalArgumentException("the scale is out of PostgreSQL's range");
    }
    return decimal(value.path("value"), value.path("scale").intValue());
  }

  /** An unscaled big-endian integer in base64; a number stands for itself. */
  private static JsonNode decimal(JsonNode value, int scale) {
    if (value.isNumber()) {
      return value;
    }
    byte[] unscaled = Base64.getDecoder().decode(value.asText());
    if (unscaled.length > MOST_BYTES) {
      throw new IllegalArgumentException("the number has more digits than PostgreSQL's have");
    }
    return DecimalNode.valueOf(new BigDecimal(new BigInteger(unscaled), scale));
  }

  private static JsonNode duration(JsonNode value) {
    if (!value.isTextual() && !value.canConvertToLong()) {
      throw new IllegalArgumentException("expected an integer");
    }
    return TextNode.valueOf(Duration.ofSeconds(0, 1_000).multipliedBy(value.asLong()).toString());
  }
}
