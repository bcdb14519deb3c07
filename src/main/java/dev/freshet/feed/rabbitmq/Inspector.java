package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Asks the broker what it has. AMQP cannot read how something was declared. But RabbitMQ refuses a
 * declaration that differs and names the first difference: one that takes over each difference in
 * turn ends with what exists, and changes nothing.
 */
final class Inspector {

  static final String DURABLE = "durable";
  static final String AUTO_DELETE = "auto_delete";
  static final String INTERNAL = "internal";
  static final String EXCHANGE_TYPE = "type";

  static final String ALTERNATE_EXCHANGE = "alternate-exchange";

  /** More than RabbitMQ has properties. */
  private static final int MOST_DIFFERENCES = 30;

  private final Connection connection;

  Inspector(Connection connection) {
    this.connection = connection;
  }

  boolean queueExists(String name) throws IOException, TimeoutException {
    return exists(channel -> channel.queueDeclarePassive(name));
  }

  boolean exchangeExists(String name) throws IOException, TimeoutException {
    return exists(channel -> channel.exchangeDeclarePassive(name));
  }

  private boolean exists(Step passiveDeclaration) throws IOException, TimeoutException {
    try {
      inChannel(passiveDeclaration);
      return true;
    } catch (IOException e) {
      if (BrokerFault.hasCode(e, AMQP.NOT_FOUND)) {
        return false;
      }
      throw e;
    }
  }

  /** How a queue was declared that exists, which is likely with these arguments. */
  Found queue(String name, Map<String, Object> likely) throws IOException, TimeoutException {
    Declaration declaration =
        (channel, properties) ->
            channel.queueDeclare(
                name,
                isTrue(properties, DURABLE),
                false,
                isTrue(properties, AUTO_DELETE),
                arguments(properties));
    Map<String, Object> plain = new HashMap<>(Map.of(DURABLE, true, AUTO_DELETE, false));
    // A virtual host may make every queue a quorum queue: only the type says which it is.
    plain.put(QueueArguments.TYPE, QueueType.CLASSIC.label());
    Map<String, Object> first = new HashMap<>(plain);
    first.putAll(likely);
    return examine(declaration, first, plain);
  }

  /** How an exchange was declared that exists, which is likely of this type. */
  Found exchange(String name, BuiltinExchangeType likely) throws IOException, TimeoutException {
    Declaration declaration =
        (channel, properties) ->
            channel.exchangeDeclare(
                name,
                String.valueOf(properties.get(EXCHANGE_TYPE)),
                isTrue(properties, DURABLE),
                isTrue(properties, AUTO_DELETE),
                isTrue(properties, INTERNAL),
                arguments(properties));
    Map<String, Object> plain =
        Map.of(EXCHANGE_TYPE, likely.getType(), DURABLE, true, AUTO_DELETE, false, INTERNAL, false);
    return examine(declaration, plain, plain);
  }

  /** A reply is cut at 255 bytes; one to a plain declaration is shorter. */
  private Found examine(
      Declaration declaration, Map<String, Object> likely, Map<String, Object> plain)
      throws IOException, TimeoutException {
    try {
      return takeOver(declaration, likely);
    } catch (IllegalArgumentException e) {
      try {
        return takeOver(declaration, plain);
      } catch (IllegalArgumentException again) {
        return new Found.Opaque(String.valueOf(again.getMessage()));
      }
    }
  }

  private Found takeOver(Declaration declaration, Map<String, Object> first)
      throws IOException, TimeoutException {
    Map<String, Object> properties = new HashMap<>(first);
    for (int differences = 0; differences < MOST_DIFFERENCES; differences++) {
      Optional<IOException> refusal = refusal(declaration, properties);
      if (refusal.isEmpty()) {
        return new Found.Known(properties);
      }
      IOException cause = refusal.get();
      if (BrokerFault.hasCode(cause, AMQP.ACCESS_REFUSED)) {
        return new Found.Opaque("the user may not declare it");
      }
      BrokerFault.Reply reply =
          BrokerFault.reply(cause)
              .filter(BrokerFault.Reply::isPreconditionFailed)
              .orElseThrow(() -> cause);
      Mismatch mismatch =
          Mismatch.parse(reply).orElseThrow(() -> new IllegalArgumentException(reply.text()));
      if (mismatch.argument().equals(ALTERNATE_EXCHANGE)) {
        // It is the owner's choice, and all else was compared before.
        return new Found.Known(properties);
      }
      Object existing = mismatch.existingValue();
      if (existing == null) {
        properties.remove(mismatch.argument());
      } else {
        properties.put(mismatch.argument(), existing);
      }
    }
    throw new IllegalArgumentException("it differs in too many ways");
  }

  private Optional<IOException> refusal(Declaration declaration, Map<String, Object> properties)
      throws TimeoutException {
    try {
      inChannel(channel -> declaration.declare(channel, properties));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private static boolean isTrue(Map<String, Object> properties, String name) {
    return String.valueOf(properties.get(name)).equals("true");
  }

  private static Map<String, Object> arguments(Map<String, Object> properties) {
    Map<String, Object> arguments = new HashMap<>(properties);
    for (String property : new String[] {DURABLE, AUTO_DELETE, INTERNAL, EXCHANGE_TYPE}) {
      arguments.remove(property);
    }
    return arguments;
  }

  /** A refusal closes the channel, so each step has one of its own. */
  void inChannel(Step step) throws IOException, TimeoutException {
    try (Channel channel = connection.createChannel()) {
      step.run(channel);
    }
  }

  /** Asks or tells the broker something. */
  interface Step {
    void run(Channel channel) throws IOException;
  }

  private interface Declaration {
    void declare(Channel channel, Map<String, Object> properties) throws IOException;
  }
}
