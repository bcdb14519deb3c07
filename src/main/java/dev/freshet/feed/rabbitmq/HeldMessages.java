package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.UnavailableException;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.DeadLetterBrowser;
import dev.freshet.feed.Rejection;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that were taken over one channel and are not acknowledged yet. When the channel closes,
 * RabbitMQ puts them back where they were.
 *
 * @see <a href="https://www.rabbitmq.com/docs/confirms#consumer-nacks-requeue">Requeueing</a>
 */
final class HeldMessages implements DeadLetterBrowser {

  private static final Logger log = LoggerFactory.getLogger(HeldMessages.class);

  private final Link link;
  private final Channel channel;
  private final Broker broker;
  private final RabbitmqConfiguration names;
  private final DeadLetterReader reader;
  private final Publisher publisher;
  private final Set<String> ids = new HashSet<>();
  private final Map<String, Integer> copies = new HashMap<>();
  private final Map<String, Held> held = new HashMap<>();

  /** What it takes to settle a message; its body is with whoever took it. */
  private record Held(long tag, BasicProperties properties) {}

  HeldMessages(
      Link link,
      Channel channel,
      Broker broker,
      RabbitmqConfiguration names,
      DeadLetterReader reader,
      Publisher publisher) {
    this.link = link;
    this.channel = channel;
    this.broker = broker;
    this.names = names;
    this.reader = reader;
    this.publisher = publisher;
  }

  @Override
  public Optional<DeadLetter> next() {
    try {
      GetResponse taken = channel.basicGet(names.deadLetterQueue(), false);
      return taken == null ? Optional.empty() : Optional.of(hold(taken));
    } catch (IOException | ShutdownSignalException e) {
      throw unavailable(e);
    }
  }

  private DeadLetter hold(GetResponse taken) {
    DeadLetter read = reader.read(taken);
    DeadLetter letter = read;
    while (!ids.add(letter.id())) {
      letter = withId(read, read.id() + "-" + copies.merge(read.id(), 2, (copy, one) -> copy + 1));
    }
    held.put(letter.id(), new Held(taken.getEnvelope().getDeliveryTag(), taken.getProps()));
    return letter;
  }

  private static DeadLetter withId(DeadLetter letter, String id) {
    return new DeadLetter(
        id,
        letter.message(),
        letter.reason(),
        letter.detail(),
        letter.failedAt(),
        letter.receivedAt());
  }

  @Override
  public void pass(DeadLetter letter) {
    held.remove(letter.id());
  }

  @Override
  public void remove(DeadLetter letter) {
    Held message = held.remove(letter.id());
    try {
      if (message != null) {
        channel.basicAck(message.tag(), false);
      }
    } catch (IOException | ShutdownSignalException e) {
      throw unavailable(e);
    }
  }

  /** The copy stands in the queue before the old one is gone: a crash leaves both, never none. */
  @Override
  public void replace(DeadLetter letter, Rejection rejection) {
    Held message = held.get(letter.id());
    if (message == null) {
      return;
    }
    try {
      publisher.deadLetter(
          DeadLetterProperties.again(message.properties(), letter, rejection),
          letter.message().body());
    } catch (IllegalArgumentException e) {
      log.warn("A dead letter's headers leave no room for the reason: {}", e.getMessage());
      return;
    }
    remove(letter);
  }

  /** The broker handles it after every acknowledgement on this channel. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (AlreadyClosedException e) {
      log.debug("The channel of the dead letters was closed before", e);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      log.warn("Dead letters go back by a cut: {}", BrokerFault.describe(e, broker));
      link.cut();
    }
  }

  private UnavailableException unavailable(Exception cause) {
    return RabbitmqDeadLetters.unavailable(broker, cause);
  }
}
