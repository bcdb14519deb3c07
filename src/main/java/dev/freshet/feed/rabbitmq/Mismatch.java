package dev.freshet.feed.rabbitmq;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What RabbitMQ says when something exists with other properties than those declared.
 *
 * @param argument the property or argument that differs, such as {@code x-dead-letter-exchange}
 * @param thing what has it, such as {@code queue 'llama.index.queue'}
 */
record Mismatch(String argument, String thing, String wanted, String existing) {

  /** One text in RabbitMQ 3 and 4; values stand in quotes, with their types or without. */
  private static final Pattern TEXT =
      Pattern.compile(
          ".*inequivalent arg '(.+?)' for (\\w+ '.+?') in vhost .*: received (.+?) but current is"
              + " (.+)",
          Pattern.DOTALL);

  private static final Pattern VALUE =
      Pattern.compile("the value '(.*)' of type '(\\w+)'|'(.*)'", Pattern.DOTALL);

  static Optional<Mismatch> parse(BrokerFault.Reply reply) {
    var match = TEXT.matcher(reply.text());
    if (!reply.isPreconditionFailed() || !match.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Mismatch(match.group(1), match.group(2), match.group(3), match.group(4)));
  }

  /**
   * The value that exists, to declare it with; null where there is none.
   *
   * @throws IllegalArgumentException where it is of a type that cannot be written so
   */
  @Nullable Object existingValue() {
    if (existing.equals("none")) {
      return null;
    }
    var value = VALUE.matcher(existing);
    if (!value.matches()) {
      throw new IllegalArgumentException("not a value: " + existing);
    }
    if (value.group(3) != null) {
      return value.group(3);
    }
    String type = value.group(2);
    return switch (type) {
      case "longstr" -> value.group(1);
      case "bool" -> Boolean.valueOf(value.group(1));
      case "signedint" -> Integer.valueOf(value.group(1));
      case "long" -> Long.valueOf(value.group(1));
      case "short" -> Short.valueOf(value.group(1));
      case "byte" -> Byte.valueOf(value.group(1));
      default -> throw new IllegalArgumentException("a value of type " + type);
    };
  }
}
