package dev.freshet.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Members that may be missing or null. */
final class Json {

  private Json() {}

  static @Nullable String text(JsonNode object, String member) {
    return object.hasNonNull(member) ? object.path(member).asText() : null;
  }

  static @Nullable Long number(JsonNode object, String member) {
    return object.hasNonNull(member) ? object.path(member).asLong() : null;
  }
}
