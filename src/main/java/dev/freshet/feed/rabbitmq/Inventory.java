package dev.freshet.feed.rabbitmq;

import java.util.List;
import java.util.stream.Stream;

/**
 * The exchanges and queues that the broker has.
 *
 * @param unbound queues that could not be bound, as phrases such as {@code queue 'q' to exchange
 *     'e'}
 */
record Inventory(
    Thing exchange,
    Thing queue,
    Thing deadLetterExchange,
    Thing deadLetterQueue,
    List<String> unbound) {

  /** One of them, such as {@code queue 'llama.index.queue'}. */
  record Thing(String kind, String name, Found found) {

    static Thing queue(String name, Found found) {
      return new Thing("queue", name, found);
    }

    static Thing exchange(String name, Found found) {
      return new Thing("exchange", name, found);
    }

    @Override
    public String toString() {
      return "%s '%s'".formatted(kind, name);
    }
  }

  Stream<Thing> all() {
    return Stream.of(exchange, queue, deadLetterExchange, deadLetterQueue);
  }
}
