package dev.freshet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Position;
import dev.freshet.document.ColumnVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Columns and metadata as stores keep them: JSON texts that lose no digit. A column is {@code
 * [value]}, or {@code [value, position]} where its position is not the document's.
 */
public final class StateJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private StateJson() {}

  /**
   * Writes columns.
   *
   * @param position the document's
   */
  public static String ofColumns(Map<String, ColumnVersion> columns, Position position) {
    ObjectNode json = MAPPER.createObjectNode();
    columns.forEach(
        (name, version) -> {
          ArrayNode column = json.putArray(name).add(version.value());
          if (!version.position().equals(position)) {
            column.add(version.position().sortKey());
          }
        });
    return json.toString();
  }

  /**
   * Reads what {@link #ofColumns} wrote.
   *
   * @param position the document's
   */
  public static Map<String, ColumnVersion> columns(String json, Position position) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    object(json)
        .properties()
        .forEach(
            column -> {
              JsonNode own = column.getValue().path(1);
              columns.put(
                  column.getKey(),
                  new ColumnVersion(
                      column.getValue().path(0),
                      own.isMissingNode() ? position : Position.parse(own.asText())));
            });
    return columns;
  }

  /** Reads a JSON object. */
  public static ObjectNode object(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the store holds no JSON where it should", e);
    }
  }
}
