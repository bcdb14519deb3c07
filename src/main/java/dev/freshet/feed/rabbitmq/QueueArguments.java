package dev.freshet.feed.rabbitmq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments of a queue as they stand in a configuration, as AMQP wants them. */
final class QueueArguments {

  static final String TYPE = "x-queue-type";
  static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";
  static final String DEAD_LETTER_ROUTING_KEY = "x-dead-letter-routing-key";

  /** Those that have a key of their own. */
  private static final Map<String, String> KEYS =
      Map.of(
          TYPE, "queue-type",
          DEAD_LETTER_EXCHANGE, "dead-letter-exchange",
          DEAD_LETTER_ROUTING_KEY, "routing-keys, whose first one it is");

  private QueueArguments() {}

  /**
   * Whole numbers and booleans become such, wherever they come from: a variable has texts only.
   *
   * @throws IllegalArgumentException for an argument that another key sets
   */
  static Map<String, Object> of(Map<String, Object> configured) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    flatten("", configured, arguments);
    for (String name : arguments.keySet()) {
      if (KEYS.containsKey(name)) {
        throw new IllegalArgumentException(
            "freshet.rabbitmq.queue-arguments has '%s': use freshet.rabbitmq.%s"
                .formatted(name, KEYS.get(name)));
      }
    }
    return Map.copyOf(arguments);
  }

  private static void flatten(String prefix, Map<?, ?> from, Map<String, Object> into) {
    from.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> nested) {
            flatten(prefix + name + ".", nested, into);
          } else if (value != null) {
            into.put(prefix + name, typed(value));
          }
        });
  }

  private static Object typed(Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    String text = value.toString();
    if (List.of("true", "false").contains(text)) {
      return Boolean.valueOf(text);
    }
    return text.matches("-?\\d{1,18}") ? Long.valueOf(text) : text;
  }
}
