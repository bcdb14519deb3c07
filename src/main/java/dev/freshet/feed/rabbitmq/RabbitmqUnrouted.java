package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.UnavailableException;
import dev.freshet.feed.UnroutableException;
import dev.freshet.feed.Unrouted;
import dev.freshet.feed.UnroutedMessages;
import io.micronaut.context.annotation.Requires;
import io.micronaut.rabbitmq.connect.RabbitConnectionFactoryConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of the alternate exchange. A queue of one place beside it keeps the newest message, so
 * that nobody has to take the others in hand to learn what comes.
 */
@Singleton
@Requires(property = "freshet.feed", value = "rabbitmq", defaultValue = "rabbitmq")
final class RabbitmqUnrouted implements UnroutedMessages {

  private static final Logger log = LoggerFactory.getLogger(RabbitmqUnrouted.class);

  private static final String CONNECTION_NAME = "freshet-unrouted";

  /** The most that one call takes in hand. */
  private static final int LOOKS = 10_000;

  private static final long LOOK_BYTES = 64L << 20;

  private final RabbitmqConfiguration names;
  private final Broker broker;
  private final Bindings bindings;
  private final Publisher publisher;
  private @Nullable Link link;
  private boolean newestIsKept;
  private long seen;
  private @Nullable String newest;
  private boolean closed;

  RabbitmqUnrouted(RabbitConnectionFactoryConfig settings, RabbitmqConfiguration configuration) {
    this.names = configuration;
    this.broker = new Broker(settings, configuration);
    this.bindings = Bindings.of(configuration.routingKeys());
    this.publisher = new Publisher(broker, new Topology(configuration), configuration);
  }

  @Override
  public synchronized Optional<Unrouted> look() {
    if (names.unroutedMaxLength() == 0) {
      return Optional.empty();
    }
    try {
      long waiting = count();
      if (waiting < 0) {
        return Optional.empty();
      }
      if (waiting != seen || newest == null) {
        keepNewest();
        newest = waiting == 0 ? null : newest();
        seen = waiting;
      }
      boolean bound = newest != null && bindings.match(newest);
      return Optional.of(
          new Unrouted(waiting, newest, bound, names.routingKeys(), names.unrouted()));
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw unavailable(e);
    }
  }

  /** Negative where there is no such queue: the exchange is not one that Freshet made. */
  private long count() throws IOException, TimeoutException {
    try (Channel asking = link().connection().createChannel()) {
      return asking.messageCount(names.unrouted());
    } catch (IOException e) {
      if (isRefused(e)) {
        return -1;
      }
      throw e;
    }
  }

  /** Whoever may not declare a queue learns no newest key. */
  private void keepNewest() throws IOException, TimeoutException {
    if (newestIsKept) {
      return;
    }
    newestIsKept = true;
    if (names.topology() != TopologyMode.DECLARE) {
      return;
    }
    try (Channel declaring = link().connection().createChannel()) {
      declaring.queueDeclare(
          newestQueue(), true, false, false, Map.of("x-queue-type", "classic", "x-max-length", 1));
      declaring.queueBind(newestQueue(), names.unrouted(), "");
    } catch (IOException e) {
      if (!isRefused(e)) {
        newestIsKept = false;
        throw e;
      }
      log.debug("The queue {} cannot be declared", newestQueue(), e);
    }
  }

  private String newestQueue() {
    return names.unrouted() + ".newest";
  }

  /** It goes back when the channel closes. */
  private @Nullable String newest() throws IOException, TimeoutException {
    try (Channel looking = link().connection().createChannel()) {
      GetResponse last = looking.basicGet(newestQueue(), false);
      return last == null ? null : last.getEnvelope().getRoutingKey();
    } catch (IOException e) {
      if (isRefused(e)) {
        return null;
      }
      throw e;
    }
  }

  private static boolean isRefused(IOException failure) {
    return BrokerFault.reply(failure).isPresent();
  }

  @Override
  public synchronized Rerouted reroute(int limit) {
    if (look().isEmpty()) {
      return new Rerouted(0, 0, 0);
    }
    try {
      int[] counts = new int[2];
      reroute(limit, counts);
      Rerouted done = new Rerouted(counts[0], counts[1], Math.max(0, count()));
      log.info("Published unrouted messages again: {}", done);
      return done;
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw unavailable(e);
    }
  }

  /** What is not acknowledged goes back to its place when the channel closes. */
  private void reroute(int limit, int[] counts) throws IOException, TimeoutException {
    try (Channel looking = link().connection().createChannel()) {
      long bytes = 0;
      while (counts[0] < limit && counts[0] + counts[1] < LOOKS && bytes < LOOK_BYTES) {
        GetResponse message = looking.basicGet(names.unrouted(), false);
        if (message == null) {
          return;
        }
        bytes += message.getBody().length;
        if (publishAgain(message)) {
          looking.basicAck(message.getEnvelope().getDeliveryTag(), false);
          counts[0]++;
        } else {
          counts[1]++;
        }
      }
    }
  }

  private boolean publishAgain(GetResponse message) {
    String routingKey = message.getEnvelope().getRoutingKey();
    if (!bindings.match(routingKey)) {
      return false;
    }
    try {
      publisher.publish(names.exchange(), routingKey, message.getProps(), message.getBody());
      return true;
    } catch (UnroutableException | IllegalArgumentException e) {
      log.warn("An unrouted message of key '{}' stays: {}", routingKey, e.getMessage());
      return false;
    }
  }

  private Link link() throws IOException, TimeoutException {
    if (closed) {
      throw new IOException("the feed is closed");
    }
    Link current = link;
    if (current == null || !current.connection().isOpen()) {
      if (current != null) {
        current.cut();
      }
      current = broker.open(CONNECTION_NAME);
      link = current;
      newestIsKept = false;
    }
    return current;
  }

  private UnavailableException unavailable(Exception cause) {
    return new UnavailableException(
        "the queue %s of RabbitMQ at %s cannot be reached: %s"
            .formatted(names.unrouted(), broker.address(), BrokerFault.describe(cause, broker)),
        cause);
  }

  @PreDestroy
  synchronized void close() {
    closed = true;
    if (link != null) {
      link.close(names.timeout());
    }
    publisher.close();
  }
}
