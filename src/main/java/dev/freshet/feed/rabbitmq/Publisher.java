package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.UnavailableException;
import dev.freshet.feed.UnroutableException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes with the broker's confirmation, one message at a time: then a returned message is the
 * one just sent. Its connection is opened by the first message, and anew after any fault, whereby
 * the topology is declared again.
 */
final class Publisher {

  private static final String CONNECTION_NAME = "freshet-publisher";

  private static final int BYTES_PER_MILLISECOND = 10_000;

  private final Broker broker;
  private final Topology topology;
  private final Duration timeout;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile @Nullable Link link;
  private @Nullable Channel channel;
  private volatile boolean returned;
  private volatile boolean closed;

  Publisher(Broker broker, Topology topology, Duration timeout) {
    this.broker = broker;
    this.topology = topology;
    this.timeout = timeout;
  }

  /**
   * Returns once the broker has the message safely. Any thread may call it.
   *
   * @throws UnroutableException when no queue takes it
   * @throws UnavailableException when the broker does not confirm it in time; it may or may not
   *     have arrived
   * @throws IllegalArgumentException when AMQP cannot carry it: a key of over 255 bytes, headers of
   *     more than one frame, a body that is larger than the broker allows
   */
  void publish(String exchange, String routingKey, BasicProperties properties, byte[] body)
      throws UnroutableException {
    awaitTurn();
    try {
      send(exchange, routingKey, properties, body);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      dropLink();
      throw new UnavailableException(
          "RabbitMQ at %s did not take the message: %s"
              .formatted(broker.address(), BrokerFault.describe(e, broker)),
          e);
    } catch (InterruptedException e) {
      dropLink();
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while RabbitMQ was to confirm a message", e);
    } catch (IllegalArgumentException e) {
      // The client has counted the message that it did not send: its confirmations are off by one.
      reconnect();
      throw e;
    } finally {
      turn.unlock();
    }
  }

  private void awaitTurn() {
    try {
      if (turn.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting to publish", e);
    }
    throw new UnavailableException(
        "RabbitMQ at %s confirms too slowly: other messages wait as well"
            .formatted(broker.address()));
  }

  private void send(String exchange, String routingKey, BasicProperties properties, byte[] body)
      throws IOException, TimeoutException, InterruptedException, UnroutableException {
    Channel current = openChannel();
    // A blocked broker holds up the writing itself, which has no timeout of its own.
    CompletableFuture<Void> inTime = openLink().cutAfter(timeToTake(body));
    try {
      returned = false;
      current.basicPublish(exchange, routingKey, true, properties, body);
      if (!current.waitForConfirms()) {
        throw new IOException("a queue is full or fails");
      }
    } catch (IOException | ShutdownSignalException e) {
      if (inTime.isCompletedExceptionally()) {
        throw new TimeoutException("no confirmation");
      }
      // The exchange exists, so this is about the message: trying again ends the same way.
      var refusal = BrokerFault.reply(e).filter(BrokerFault.Reply::isPreconditionFailed);
      if (refusal.isPresent()) {
        throw new IllegalArgumentException(refusal.get().text(), e);
      }
      throw e;
    } finally {
      inTime.complete(null);
    }
    if (returned) {
      throw new UnroutableException(
          "no queue takes routing key '%s' of exchange %s".formatted(routingKey, exchange));
    }
  }

  /** A large message also takes its time on the line: a second for each ten megabytes. */
  private Duration timeToTake(byte[] body) {
    return timeout.plusMillis(body.length / BYTES_PER_MILLISECOND);
  }

  private Channel openChannel() throws IOException, TimeoutException {
    Channel current = channel;
    if (current != null && current.isOpen()) {
      return current;
    }
    dropLink();
    Link opened = openLink();
    topology.declare(opened.connection());
    current = opened.connection().createChannel();
    current.confirmSelect();
    current.addReturnListener(message -> returned = true);
    channel = current;
    return current;
  }

  private Link openLink() throws IOException, TimeoutException {
    Link current = link;
    if (current == null) {
      current = broker.open(CONNECTION_NAME);
      link = current;
    }
    if (closed) {
      dropLink();
      throw new IOException("the feed is closed");
    }
    return current;
  }

  private void dropLink() {
    Link last = link;
    link = null;
    channel = null;
    if (last != null) {
      last.cut();
    }
  }

  /** The next message opens a new connection and declares the topology. */
  void reconnect() {
    turn.lock();
    try {
      close(link);
      link = null;
      channel = null;
    } finally {
      turn.unlock();
    }
  }

  void close() {
    closed = true;
    close(link);
  }

  private void close(@Nullable Link last) {
    if (last != null) {
      last.close(timeout);
    }
  }
}
