package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.Texts;
import java.math.BigDecimal;

/** The values of a row as metadata has them: what every index can store, and write in full. */
public final class MetadataValue {

  /**
   * A number with more digits becomes a text. PostgreSQL's jsonb would write {@code 1e131000} with
   * all its digits each time it is read.
   */
  public static final int MOST_DIGITS = 400;

  private MetadataValue() {}

  /** The value, with U+FFFD for what no text can hold, and a text for a number that is too long. */
  public static JsonNode of(JsonNode value) {
    if (value.isTextual()) {
      String whole = Texts.whole(value.textValue());
      return whole.equals(value.textValue()) ? value : TextNode.valueOf(whole);
    }
    if (value.isNumber()) {
      return digits(value) <= MOST_DIGITS ? value : TextNode.valueOf(value.asText());
    }
    if (value instanceof ArrayNode array) {
      var whole = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(item -> whole.add(of(item)));
      return whole;
    }
    if (value instanceof ObjectNode object) {
      var whole = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(field -> whole.set(Texts.whole(field.getKey()), of(field.getValue())));
      return whole;
    }
    return value;
  }

  /** How many digits a number has when it is written out without an exponent. */
  public static long digits(JsonNode number) {
    if (number.isInt() || number.isLong()) {
      return number.asText().length();
    }
    if ((number.isDouble() || number.isFloat()) && !Double.isFinite(number.doubleValue())) {
      return MOST_DIGITS + 1L;
    }
    return digits(number.decimalValue());
  }

  private static long digits(BigDecimal number) {
    long scale = number.scale();
    return scale < 0 ? number.precision() - scale : Math.max(number.precision(), scale + 1);
  }
}
