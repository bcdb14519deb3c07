package dev.freshet.source.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Arrays as the server writes them: {@code {1,NULL,"a b"}}. */
final class ArrayTexts {

  /** Debezium has no form for arrays of these. */
  private static final Set<String> UNKNOWN =
      Set.of("money", "name", "interval", "bit", "varbit", "xml", "point", "tsvector", "isbn");

  private ArrayTexts() {}

  /** How an array's text is read; empty where Debezium has no value for it. */
  static Optional<Function<String, JsonNode>> of(SourceColumn element) {
    if (UNKNOWN.contains(element.type())) {
      return Optional.empty();
    }
    Optional<Function<String, JsonNode>> item =
        element.type().equals("numeric") && element.modifier() < 0
            ? Optional.of(SourceValues::encodedDecimal)
            : SourceValues.of(element);
    return item.map(reading -> text -> array(text, reading));
  }

  private static JsonNode array(String text, Function<String, JsonNode> item) {
    var parsing = new Parsing(text, item);
    return parsing.array();
  }

  private static final class Parsing {

    private final String text;
    private final Function<String, JsonNode> item;
    private int at;

    Parsing(String text, Function<String, JsonNode> item) {
      this.text = text;
      this.item = item;
      // Bounds that do not begin at 1 stand before it.
      this.at = text.indexOf('{');
    }

    ArrayNode array() {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      at++;
      while (text.charAt(at) != '}') {
        if (text.charAt(at) == ',') {
          at++;
        }
        items.add(text.charAt(at) == '{' ? array() : item());
      }
      at++;
      return items;
    }

    private JsonNode item() {
      if (text.charAt(at) != '"') {
        int end = at;
        while (text.charAt(end) != ',' && text.charAt(end) != '}') {
          end++;
        }
        String plain = text.substring(at, end);
        at = end;
        return plain.equals("NULL") ? JsonNodeFactory.instance.nullNode() : item.apply(plain);
      }
      var quoted = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\') {
          at++;
        }
        quoted.append(text.charAt(at));
      }
      at++;
      return item.apply(quoted.toString());
    }
  }
}
