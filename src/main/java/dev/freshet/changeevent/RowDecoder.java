package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/** Decodes the columns of a row: typed by its schema or by configuration, or as they are. */
final class RowDecoder {

  private final UnavailableValue unavailableValue;
  private final ColumnTypes columnTypes;

  RowDecoder(UnavailableValue unavailableValue, ColumnTypes columnTypes) {
    this.unavailableValue = unavailableValue;
    this.columnTypes = columnTypes;
  }

  Row decode(TableId table, JsonNode row, JsonNode rowSchema) {
    if (!row.isObject()) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE, "the row of " + table + " is not a JSON object");
    }
    Map<String, ColumnType> types = new HashMap<>(columnTypes.of(table));
    for (JsonNode field : rowSchema.path("fields")) {
      ColumnType.ofSchema(field).ifPresent(type -> types.put(field.path("field").asText(), type));
    }
    var values = new LinkedHashMap<String, JsonNode>();
    var unavailable = new LinkedHashSet<String>();
    row.properties()
        .forEach(
            column -> {
              if (unavailableValue.matches(column.getValue())) {
                unavailable.add(column.getKey());
              } else {
                values.put(column.getKey(), value(column.getKey(), column.getValue(), types));
              }
            });
    return new Row(values, unavailable);
  }

  private static JsonNode value(String column, JsonNode encoded, Map<String, ColumnType> types) {
    ColumnType type = types.get(column);
    if (encoded.isNull() || (type == null && !ColumnType.isVariableScaleDecimal(encoded))) {
      return withinBounds(column, encoded);
    }
    try {
      JsonNode decoded =
          type == null ? ColumnType.variableScaleDecimal(encoded) : type.decode(encoded);
      return withinBounds(column, decoded);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE,
          "the value of column '" + column + "' is not encoded as its type says",
          e);
    }
  }

  private static JsonNode withinBounds(String column, JsonNode value) {
    if (!ValueBounds.hold(value)) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE,
          "the value of column '"
              + column
              + "' is a number that PostgreSQL cannot hold, or is nested more than "
              + ValueBounds.DEEPEST
              + " deep");
    }
    return value;
  }
}
