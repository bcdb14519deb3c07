package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import dev.freshet.feed.rabbitmq.Inventory.Thing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * Declares what is missing, as far as the user may, and binds it. What exists is never changed or
 * deleted.
 */
final class Declaration {

  /** Unrouted events are kept for a look at them, never at the price of a full disk. */
  private static final long UNROUTED_MAX_BYTES = 100L << 20;

  /**
   * A quorum queue drops a message that was looked at often, and a virtual host may make every
   * queue one that does not say what it is.
   */
  private static final Map<String, Object> TO_LOOK_AT =
      Map.of(QueueArguments.TYPE, QueueType.CLASSIC.label());

  /** A queue can be bound to one of them by a routing key. */
  private static final List<String> BINDABLE = List.of("topic", "direct", "fanout", "headers");

  private final RabbitmqConfiguration names;
  private final Inspector broker;
  private final List<String> unbound = new ArrayList<>();

  Declaration(RabbitmqConfiguration names, Inspector broker) {
    this.names = names;
    this.broker = broker;
  }

  Inventory run() throws IOException, TimeoutException {
    Thing exchange = exchange();
    Thing deadLetterExchange = deadLetterExchange();
    Thing deadLetterQueue = queue(names.deadLetterQueue(), TO_LOOK_AT);
    Thing queue = queue(names.queue(), names.allQueueArguments());
    for (String routingKey : names.routingKeys()) {
      bind(deadLetterQueue, deadLetterExchange, routingKey);
      bind(queue, exchange, routingKey);
    }
    if (queue.found() instanceof Found.Known known
        && known.property(QueueArguments.DEAD_LETTER_ROUTING_KEY) instanceof String routingKey
        && Objects.equals(
            known.property(QueueArguments.DEAD_LETTER_EXCHANGE), names.deadLetterExchange())) {
      bind(deadLetterQueue, deadLetterExchange, routingKey);
    }
    return new Inventory(exchange, queue, deadLetterExchange, deadLetterQueue, unbound);
  }

  private Thing exchange() throws IOException, TimeoutException {
    if (!broker.exchangeExists(names.exchange())
        && !createExchange()
        && !mayDo(channel -> declareExchange(channel, Map.of()))) {
      return Thing.exchange(names.exchange(), new Found.Missing());
    }
    return Thing.exchange(
        names.exchange(), broker.exchange(names.exchange(), BuiltinExchangeType.TOPIC));
  }

  /** With a place for what no binding takes, where it is wanted. */
  private boolean createExchange() throws IOException, TimeoutException {
    if (names.unroutedMaxLength() == 0) {
      return false;
    }
    String unrouted = names.unrouted();
    return (broker.queueExists(unrouted) || mayDo(this::declareUnroutedQueue))
        && mayDo(
            channel -> {
              channel.exchangeDeclare(unrouted, BuiltinExchangeType.FANOUT, true);
              channel.queueBind(unrouted, unrouted, "");
              declareExchange(channel, Map.of(Inspector.ALTERNATE_EXCHANGE, unrouted));
            });
  }

  private void declareExchange(Channel channel, Map<String, Object> arguments) throws IOException {
    channel.exchangeDeclare(names.exchange(), BuiltinExchangeType.TOPIC, true, false, arguments);
  }

  private void declareUnroutedQueue(Channel channel) throws IOException {
    Map<String, Object> arguments = new HashMap<>(TO_LOOK_AT);
    arguments.put("x-max-length", names.unroutedMaxLength());
    arguments.put("x-max-length-bytes", UNROUTED_MAX_BYTES);
    channel.queueDeclare(names.unrouted(), true, false, false, arguments);
  }

  private Thing deadLetterExchange() throws IOException, TimeoutException {
    String name = names.deadLetterExchange();
    if (!broker.exchangeExists(name)
        && !mayDo(channel -> channel.exchangeDeclare(name, BuiltinExchangeType.DIRECT, true))) {
      return Thing.exchange(name, new Found.Missing());
    }
    return Thing.exchange(name, broker.exchange(name, BuiltinExchangeType.DIRECT));
  }

  private Thing queue(String name, Map<String, Object> arguments)
      throws IOException, TimeoutException {
    if (!broker.queueExists(name)
        && !mayDo(channel -> channel.queueDeclare(name, true, false, false, arguments))) {
      return Thing.queue(name, new Found.Missing());
    }
    return Thing.queue(name, broker.queue(name, arguments));
  }

  private void bind(Thing queue, Thing exchange, String routingKey)
      throws IOException, TimeoutException {
    boolean bindable =
        queue.found().exists()
            && exchange.found().exists()
            && !(exchange.found() instanceof Found.Known known
                && !BINDABLE.contains(String.valueOf(known.property(Inspector.EXCHANGE_TYPE))));
    if (bindable
        && !mayDo(channel -> channel.queueBind(queue.name(), exchange.name(), routingKey))) {
      unbound.add("%s to %s by '%s'".formatted(queue, exchange, routingKey));
    }
  }

  /** Whether the user may do this. */
  private boolean mayDo(Inspector.Step step) throws IOException, TimeoutException {
    try {
      broker.inChannel(step);
      return true;
    } catch (IOException e) {
      if (BrokerFault.hasCode(e, AMQP.ACCESS_REFUSED)) {
        return false;
      }
      throw e;
    }
  }
}
