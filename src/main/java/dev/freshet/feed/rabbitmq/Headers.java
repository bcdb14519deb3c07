package dev.freshet.feed.rabbitmq;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** AMQP's header table as text. */
final class Headers {

  private Headers() {}

  private static final String UNREADABLE = "(nested too deep)";

  /** Long strings become texts, and so does all else, nested tables too; a null says nothing. */
  static Map<String, String> text(@Nullable Map<String, @Nullable Object> table) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (table != null) {
      table.forEach(
          (name, value) -> {
            if (value != null) {
              texts.put(name, text(value));
            }
          });
    }
    return texts;
  }

  private static String text(Object value) {
    try {
      return value.toString();
    } catch (StackOverflowError e) {
      return UNREADABLE;
    }
  }
}
