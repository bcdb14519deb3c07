package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The exchanges, queues and bindings that Freshet consumes from. Declaring them is idempotent and
 * never changes or deletes what exists.
 */
final class Topology {

  private static final String ALTERNATE_EXCHANGE = "alternate-exchange";

  /** Unrouted events are kept for a look at them, never at the price of a full disk. */
  private static final long UNROUTED_MAX_BYTES = 100L << 20;

  private final RabbitmqConfiguration names;

  Topology(RabbitmqConfiguration names) {
    this.names = names;
  }

  /**
   * @throws TopologyMismatchException when something exists and differs
   */
  void declare(Connection connection) throws IOException, TimeoutException {
    try {
      if (exists(connection, channel -> channel.exchangeDeclarePassive(names.exchange()))) {
        verifyExchange(connection);
      } else {
        createExchange(connection);
      }
      inChannel(connection, this::declareDeadLetters);
      inChannel(connection, this::declareQueue);
    } catch (IOException e) {
      var mismatch = BrokerFault.reply(e).flatMap(Mismatch::parse);
      if (mismatch.isPresent()) {
        throw new TopologyMismatchException(mismatch.get().message(), e);
      }
      throw e;
    }
  }

  /** An alternate exchange is the owner's choice; all else about the exchange must fit. */
  private void verifyExchange(Connection connection) throws IOException, TimeoutException {
    try {
      inChannel(connection, channel -> declareExchange(channel, Map.of()));
    } catch (IOException e) {
      var mismatch = BrokerFault.reply(e).flatMap(Mismatch::parse);
      if (mismatch.isEmpty() || !mismatch.get().argument().equals(ALTERNATE_EXCHANGE)) {
        throw e;
      }
    }
  }

  private void createExchange(Connection connection) throws IOException, TimeoutException {
    if (names.unroutedMaxLength() == 0) {
      inChannel(connection, channel -> declareExchange(channel, Map.of()));
      return;
    }
    String unrouted = names.unrouted();
    if (!exists(connection, channel -> channel.queueDeclarePassive(unrouted))) {
      inChannel(connection, this::declareUnroutedQueue);
    }
    inChannel(
        connection,
        channel -> {
          channel.exchangeDeclare(unrouted, BuiltinExchangeType.FANOUT, true);
          channel.queueBind(unrouted, unrouted, "");
          declareExchange(channel, Map.of(ALTERNATE_EXCHANGE, unrouted));
        });
  }

  private void declareExchange(Channel channel, Map<String, Object> arguments) throws IOException {
    channel.exchangeDeclare(names.exchange(), BuiltinExchangeType.TOPIC, true, false, arguments);
  }

  private void declareUnroutedQueue(Channel channel) throws IOException {
    Map<String, Object> bounds =
        Map.of("x-max-length", names.unroutedMaxLength(), "x-max-length-bytes", UNROUTED_MAX_BYTES);
    channel.queueDeclare(names.unrouted(), true, false, false, bounds);
  }

  private void declareDeadLetters(Channel channel) throws IOException {
    channel.exchangeDeclare(names.deadLetterExchange(), BuiltinExchangeType.DIRECT, true);
    channel.queueDeclare(names.deadLetterQueue(), true, false, false, Map.of());
    for (String routingKey : names.routingKeys()) {
      channel.queueBind(names.deadLetterQueue(), names.deadLetterExchange(), routingKey);
    }
  }

  private void declareQueue(Channel channel) throws IOException {
    Map<String, Object> arguments =
        Map.of(
            "x-dead-letter-exchange", names.deadLetterExchange(),
            "x-dead-letter-routing-key", names.deadLetterRoutingKey());
    channel.queueDeclare(names.queue(), true, false, false, arguments);
    for (String routingKey : names.routingKeys()) {
      channel.queueBind(names.queue(), names.exchange(), routingKey);
    }
  }

  private static boolean exists(Connection connection, Step passiveDeclaration)
      throws IOException, TimeoutException {
    try {
      inChannel(connection, passiveDeclaration);
      return true;
    } catch (IOException e) {
      if (BrokerFault.reply(e).filter(BrokerFault.Reply::isNotFound).isPresent()) {
        return false;
      }
      throw e;
    }
  }

  /** A refusal closes the channel, so each step has one of its own. */
  private static void inChannel(Connection connection, Step step)
      throws IOException, TimeoutException {
    try (Channel channel = connection.createChannel()) {
      step.run(channel);
    }
  }

  private interface Step {
    void run(Channel channel) throws IOException;
  }
}
