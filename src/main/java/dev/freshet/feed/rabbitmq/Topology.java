package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Connection;
import dev.freshet.feed.rabbitmq.Inventory.Thing;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The exchanges, queues and bindings that Freshet consumes from. */
final class Topology {

  private final RabbitmqConfiguration names;

  Topology(RabbitmqConfiguration names) {
    this.names = names;
  }

  /**
   * Makes ready what Freshet consumes from, as far as it is to; idempotent.
   *
   * @throws TopologyMismatchException when it cannot be consumed from what there is
   */
  Layout prepare(Connection connection) throws IOException, TimeoutException {
    var broker = new Inspector(connection);
    return switch (names.topology()) {
      case DECLARE -> new Assessment(names, new Declaration(names, broker).run()).layout();
      case CHECK -> new Assessment(names, look(broker)).layout();
      case NONE -> Layout.UNKNOWN;
    };
  }

  /** It takes no permission at all. */
  private Inventory look(Inspector broker) throws IOException, TimeoutException {
    return new Inventory(
        Thing.exchange(names.exchange(), found(broker.exchangeExists(names.exchange()))),
        Thing.queue(names.queue(), found(broker.queueExists(names.queue()))),
        Thing.exchange(
            names.deadLetterExchange(), found(broker.exchangeExists(names.deadLetterExchange()))),
        Thing.queue(names.deadLetterQueue(), found(broker.queueExists(names.deadLetterQueue()))),
        List.of());
  }

  private static Found found(boolean exists) {
    return exists ? new Found.Opaque("freshet.rabbitmq.topology is check") : new Found.Missing();
  }
}
