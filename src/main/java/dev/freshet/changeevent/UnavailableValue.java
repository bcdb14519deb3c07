package dev.freshet.changeevent;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Recognises the placeholder that stands for a large value which did not change ({@code
 * unavailable.value.placeholder}). It looks different by type: the text itself, an array with the
 * text, an array of its character codes, or its base64.
 */
final class UnavailableValue {

  private final String text;
  private final String base64;
  private final int[] codes;

  UnavailableValue(String placeholder) {
    byte[] bytes = placeholder.getBytes(StandardCharsets.UTF_8);
    this.text = placeholder;
    this.base64 = Base64.getEncoder().encodeToString(bytes);
    this.codes = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      codes[i] = bytes[i];
    }
  }

  boolean matches(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue().equals(text) || value.textValue().equals(base64);
    }
    return value.isArray() && (isOnlyText(value) || isCodes(value));
  }

  private boolean isOnlyText(JsonNode array) {
    return array.size() == 1 && array.path(0).isTextual() && matches(array.path(0));
  }

  private boolean isCodes(JsonNode array) {
    if (array.size() != codes.length) {
      return false;
    }
    for (int i = 0; i < codes.length; i++) {
      JsonNode code = array.path(i);
      if (!code.isIntegralNumber() || code.asLong() != codes[i]) {
        return false;
      }
    }
    return true;
  }
}
