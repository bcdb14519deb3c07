package dev.freshet.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.StringJoiner;

/** The values of a JSON text, each on a line behind its name; null says nothing. */
final class JsonText {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonText() {}

  static String read(String json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root == null || !root.isContainerNode()) {
        return json;
      }
      var lines = new StringJoiner("\n");
      add(root, "", lines);
      return lines.toString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  /** A name stands once, however many values an array has. */
  private static void add(JsonNode node, String name, StringJoiner lines) {
    if (node.isObject()) {
      node.properties().forEach(field -> add(field.getValue(), field.getKey(), lines));
      return;
    }
    var scalars = new StringJoiner(", ");
    scalars.setEmptyValue("");
    for (JsonNode element : node.isArray() ? node : List.of(node)) {
      if (element.isValueNode() && !element.isNull()) {
        scalars.add(element.asText());
      }
    }
    if (scalars.length() > 0) {
      lines.add(name.isEmpty() ? scalars.toString() : name + ": " + scalars);
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (element.isContainerNode()) {
          add(element, "", lines);
        }
      }
    }
  }
}
