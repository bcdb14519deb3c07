package dev.freshet.feed.rabbitmq;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What RabbitMQ says when something exists with other properties than those declared.
 *
 * @param argument the property or argument that differs, such as {@code x-dead-letter-exchange}
 * @param thing what has it, such as {@code queue 'llama.index.queue'}
 */
record Mismatch(String argument, String thing, String wanted, String existing) {

  /**
   * One text in RabbitMQ 3 and 4; values stand in quotes, with their types, or are {@code none}.
   */
  private static final Pattern TEXT =
      Pattern.compile(
          ".*inequivalent arg '(.+?)' for (\\w+ '.+?') in vhost .*: received (.+?) but current is"
              + " (.+)",
          Pattern.DOTALL);

  static Optional<Mismatch> parse(BrokerFault.Reply reply) {
    var match = TEXT.matcher(reply.text());
    if (!reply.isPreconditionFailed() || !match.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Mismatch(match.group(1), match.group(2), match.group(3), match.group(4)));
  }

  String message() {
    return ("the %s exists with another '%s': Freshet declares %s, the broker has %s. Make"
            + " freshet.rabbitmq fit what exists, or, once it is drained, delete the %s: Freshet"
            + " creates it anew")
        .formatted(thing, argument, wanted, existing, thing);
  }
}
