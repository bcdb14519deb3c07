package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.UnavailableException;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.DeadLetters;
import dev.freshet.feed.Rejection;
import io.micronaut.context.annotation.Requires;
import io.micronaut.rabbitmq.connect.RabbitConnectionFactoryConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The dead-letter queue. It is read over a connection of its own, which is opened by the first look
 * and anew after any fault, so that nothing here can hold up the consumer.
 */
@Singleton
@Requires(property = "freshet.feed", value = "rabbitmq", defaultValue = "rabbitmq")
final class RabbitmqDeadLetters implements DeadLetters {

  private static final String CONNECTION_NAME = "freshet-dead-letters";

  private final RabbitmqConfiguration names;
  private final Broker broker;
  private final Topology topology;
  private final Publisher publisher;
  private final DeadLetterReader reader;
  private @Nullable Link link;
  private boolean closed;

  RabbitmqDeadLetters(
      RabbitConnectionFactoryConfig settings, RabbitmqConfiguration configuration, Clock clock) {
    this.names = configuration;
    this.broker = new Broker(settings, configuration);
    this.topology = new Topology(configuration);
    this.publisher = new Publisher(broker, topology, configuration);
    this.reader = new DeadLetterReader(clock);
  }

  @Override
  public DeadLetterBrowser open() {
    try {
      Link current = link();
      Channel channel = current.connection().createChannel();
      return new HeldMessages(current, channel, broker, names, reader, publisher);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw unavailable(broker, e);
    }
  }

  /** A connection declares what the letter needs. */
  @Override
  public void add(ChangeMessage message, Instant receivedAt, Rejection rejection) {
    try {
      var unused = link();
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw unavailable(broker, e);
    }
    publisher.deadLetter(
        DeadLetterProperties.ofMessage(message, names.exchange(), receivedAt, rejection),
        message.body());
  }

  @Override
  public long count() {
    try (Channel channel = link().connection().createChannel()) {
      return channel.queueDeclarePassive(names.deadLetterQueue()).getMessageCount();
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw unavailable(broker, e);
    }
  }

  private synchronized Link link() throws IOException, TimeoutException {
    if (closed) {
      throw new IOException("the feed is closed");
    }
    Link current = link;
    if (current == null || !current.connection().isOpen()) {
      current = open(current);
      link = current;
    }
    return current;
  }

  private Link open(@Nullable Link former) throws IOException, TimeoutException {
    if (former != null) {
      former.cut();
    }
    Link opened = broker.open(CONNECTION_NAME);
    try {
      topology.prepare(opened.connection());
      return opened;
    } catch (IOException | TimeoutException | RuntimeException e) {
      opened.close(names.timeout());
      throw e;
    }
  }

  static UnavailableException unavailable(Broker broker, Exception cause) {
    return new UnavailableException(
        "the dead-letter queue of RabbitMQ at %s cannot be reached: %s"
            .formatted(broker.address(), BrokerFault.describe(cause, broker)),
        cause);
  }

  /** Whatever is in hand goes back to the queue. */
  @PreDestroy
  void close() {
    Link last;
    synchronized (this) {
      closed = true;
      last = link;
    }
    if (last != null) {
      last.close(names.timeout());
    }
    publisher.close();
  }
}
