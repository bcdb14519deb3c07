package dev.freshet.store.lucene;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Position;
import dev.freshet.document.ColumnVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as the index stores it; numbers keep every digit. */
final class StoredJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private StoredJson() {}

  static String metadata(ObjectNode metadata) {
    return metadata.toString();
  }

  static ObjectNode metadata(String json) {
    return (ObjectNode) read(json);
  }

  static String columns(Map<String, ColumnVersion> columns) {
    ObjectNode json = JSON.createObjectNode();
    columns.forEach(
        (column, version) ->
            json.putArray(column).add(version.value()).add(version.position().sortKey()));
    return json.toString();
  }

  static Map<String, ColumnVersion> columns(String json) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    read(json)
        .properties()
        .forEach(
            e ->
                columns.put(
                    e.getKey(),
                    new ColumnVersion(
                        e.getValue().get(0), Position.parse(e.getValue().get(1).asText()))));
    return columns;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the index holds no JSON where it should", e);
    }
  }
}
