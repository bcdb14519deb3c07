package dev.freshet.feed.rabbitmq;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the broker has under the name of a queue or an exchange. */
sealed interface Found {

  /** There is none, and none could be declared. */
  record Missing() implements Found {}

  /**
   * It exists, and how it was declared cannot be seen.
   *
   * @param why such as that the user may not declare it
   */
  record Opaque(String why) implements Found {}

  /**
   * It exists.
   *
   * @param properties how it was declared: {@code durable}, {@code auto_delete}, of an exchange
   *     {@code type} and {@code internal}, and its arguments
   */
  record Known(Map<String, Object> properties) implements Found {

    public Known {
      properties = Map.copyOf(properties);
    }

    @Nullable Object property(String name) {
      return properties.get(name);
    }

    boolean is(String name) {
      return String.valueOf(properties.get(name)).equals("true");
    }
  }

  default boolean exists() {
    return !(this instanceof Missing);
  }
}
