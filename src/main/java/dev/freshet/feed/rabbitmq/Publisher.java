package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.UnavailableException;
import dev.freshet.feed.UnroutableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one message at a time, each in a transaction of its own: then a returned message is the
 * one just sent, and one that a blocked broker holds up can be given up for certain. A confirmed
 * message could not: the broker reads it once it has room, even if its connection is gone. Its
 * connection is opened by the first message, and again after any fault, whereby the topology is
 * made ready again.
 */
final class Publisher {

  private static final Logger log = LoggerFactory.getLogger(Publisher.class);
  private static final String CONNECTION_NAME = "freshet-publisher";

  private static final int BYTES_PER_MILLISECOND = 10_000;

  /** It routes to the queue that the routing key names. */
  private static final String DEFAULT_EXCHANGE = "";

  /** A broker that is well answers sooner, and one that is blocked says so sooner. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final Broker broker;
  private final Topology topology;
  private final RabbitmqConfiguration names;
  private final Duration timeout;
  private final Blockage blockage;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
  private volatile @Nullable Link link;
  private @Nullable Channel channel;
  private @Nullable QuietChannel quiet;
  private volatile Layout layout = Layout.UNKNOWN;
  private volatile CompletableFuture<Void> blocked = new CompletableFuture<>();
  private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();
  private boolean mayLook = true;
  private volatile boolean returned;
  private volatile boolean closed;

  /** How far the message in hand is. */
  private enum Phase {
    IDLE,
    SENDING,
    GIVEN_UP,
    COMMITTING
  }

  Publisher(Broker broker, Topology topology, RabbitmqConfiguration names) {
    this.broker = broker;
    this.topology = topology;
    this.names = names;
    this.timeout = names.timeout();
    this.blockage = new Blockage(broker);
  }

  /** Why the broker takes no messages now, in its words; empty while it does. */
  Optional<String> blocked() {
    return blockage.reason();
  }

  /**
   * Returns once the broker has the message safely. Any thread may call it.
   *
   * @throws UnroutableException when no queue takes it
   * @throws UnavailableException when the broker does not take it in time; whether it may still
   *     arrive, the message says
   * @throws IllegalArgumentException when AMQP cannot carry it: a key of over 255 bytes, headers of
   *     more than one frame, a body that is larger than the broker allows
   */
  void publish(String exchange, String routingKey, BasicProperties properties, byte[] body)
      throws UnroutableException {
    awaitTurn();
    try {
      requireUnblocked();
      send(exchange, routingKey, properties, body);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      dropLink();
      throw unavailable(e);
    } catch (InterruptedException e) {
      dropLink();
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while RabbitMQ was to take a message", e);
    } catch (IllegalArgumentException e) {
      // The client has sent a part of it, or the broker has closed the channel.
      dropLink();
      throw e;
    } finally {
      phase.set(Phase.IDLE);
      turn.unlock();
    }
  }

  private UnavailableException unavailable(Exception cause) {
    if (phase.get() == Phase.GIVEN_UP) {
      return blockage.unavailable();
    }
    return new UnavailableException(
        "RabbitMQ at %s did not take the message: %s%s"
            .formatted(
                broker.address(),
                BrokerFault.describe(cause, broker),
                phase.get() == Phase.COMMITTING
                    ? ". It may have arrived all the same; sent again, it changes nothing then"
                    : ""),
        cause);
  }

  /**
   * Puts a message into the dead-letter queue: by its exchange, or directly where there is none
   * that leads there. Returns once the broker has it safely.
   *
   * @throws UnavailableException as above, and when there is no such queue
   * @throws IllegalArgumentException as above
   */
  void deadLetter(BasicProperties properties, byte[] body) {
    if (layout.deadLetterExchange()) {
      try {
        publish(names.deadLetterExchange(), names.deadLetterRoutingKey(), properties, body);
        return;
      } catch (UnroutableException e) {
        // The next message makes the topology ready again, and with it the binding.
        reconnect();
      } catch (UnavailableException e) {
        if (e.getCause() == null || !BrokerFault.hasCode(e.getCause(), AMQP.NOT_FOUND)) {
          throw e;
        }
      }
    }
    try {
      publish(DEFAULT_EXCHANGE, names.deadLetterQueue(), properties, body);
    } catch (UnroutableException e) {
      reconnect();
      throw new UnavailableException(
          "there is no dead-letter queue '%s'; create it, or set freshet.rabbitmq.dead-letter-queue to one that exists"
              .formatted(names.deadLetterQueue()),
          e);
    }
  }

  /** Whether what is rejected without being published reaches the dead-letter queue. */
  boolean brokerDeadLetters() {
    return layout.deadLettersByBroker();
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
        "RabbitMQ at %s takes messages too slowly: others wait as well"
            .formatted(broker.address()));
  }

  private void send(String exchange, String routingKey, BasicProperties properties, byte[] body)
      throws IOException, TimeoutException, InterruptedException, UnroutableException {
    Channel current = openChannel();
    // A blocked broker holds up the writing itself, which has no timeout of its own.
    CompletableFuture<Void> inTime = openLink().cutAfter(timeToTake(body));
    try {
      Objects.requireNonNull(quiet).catchUp();
      returned = false;
      phase.set(Phase.SENDING);
      requireNotTold();
      current.basicPublish(exchange, routingKey, true, properties, body);
      commit(current);
    } catch (ChannelContinuationTimeoutException e) {
      throw new TimeoutException("no answer");
    } catch (IOException | ShutdownSignalException e) {
      if (inTime.isCompletedExceptionally()) {
        throw new TimeoutException("no answer");
      }
      throw refused(e);
    } finally {
      inTime.complete(null);
    }
    if (returned) {
      throw new UnroutableException(
          "no queue takes routing key '%s' of exchange %s".formatted(routingKey, exchange));
    }
  }

  /** What was told before the message was in hand did not cut its connection. */
  private void requireNotTold() throws IOException {
    if (blocked.isDone() && phase.compareAndSet(Phase.SENDING, Phase.GIVEN_UP)) {
      throw new IOException("the broker blocks publishers");
    }
  }

  /** The broker answers a question once it has read all that was sent before. */
  private void commit(Channel current) throws IOException {
    current.basicQos(1);
    if (!phase.compareAndSet(Phase.SENDING, Phase.COMMITTING)) {
      throw new IOException("the broker blocks publishers");
    }
    current.txCommit();
  }

  /** The exchange exists, so most refusals are about the message: again they would end alike. */
  private static IOException refused(Exception cause) {
    var refusal = BrokerFault.reply(cause).filter(BrokerFault.Reply::isPreconditionFailed);
    if (refusal.isEmpty()) {
      return cause instanceof IOException io ? io : new IOException(cause);
    }
    if (refusal.get().isIncompleteTransaction()) {
      return new IOException("a queue is full or fails");
    }
    throw new IllegalArgumentException(refusal.get().text(), cause);
  }

  /** A large message also takes its time on the line: a second for each ten megabytes. */
  private Duration timeToTake(byte[] body) {
    return timeout.plusMillis(body.length / BYTES_PER_MILLISECOND);
  }

  /**
   * Looks whether the broker takes messages. It tells a connection that it is blocked only when
   * that publishes: so this publishes an empty message, and takes it back.
   */
  void look() {
    if (turn.tryLock()) {
      try {
        if (mayLook
            && System.nanoTime() - lookedAt > BETWEEN_LOOKS.toNanos()
            && !isKnownToBeBlocked()) {
          lookNow();
        }
      } catch (IOException | TimeoutException | ShutdownSignalException e) {
        cannotLook(e);
        dropLink();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        dropLink();
      } finally {
        turn.unlock();
      }
    }
  }

  private void cannotLook(Exception cause) {
    if (BrokerFault.hasCode(cause, AMQP.ACCESS_REFUSED)) {
      mayLook = false;
      log.info(
          "The user may not publish to the dead-letter exchange or the default one of RabbitMQ at"
              + " {}, so a blocked broker is noticed with the next message only",
          broker.address());
    } else {
      log.debug("Whether RabbitMQ takes messages cannot be seen", cause);
    }
  }

  private void lookNow() throws IOException, TimeoutException, InterruptedException {
    Channel current = openChannel();
    lookedAt = System.nanoTime();
    String exchange =
        layout.deadLetterExchange() && !layout.equals(Layout.UNKNOWN)
            ? names.deadLetterExchange()
            : DEFAULT_EXCHANGE;
    current.basicPublish(exchange, names.deadLetterQueue(), null, new byte[0]);
    var answered = current.asyncCompletableRpc(new AMQP.Tx.Rollback.Builder().build());
    try {
      CompletableFuture.anyOf(answered, blocked).get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    if (!blocked.isDone()) {
      blockage.end();
    }
  }

  private boolean isKnownToBeBlocked() {
    Link current = link;
    return blocked.isDone() && current != null && current.connection().isOpen();
  }

  private void requireUnblocked() throws IOException, TimeoutException, InterruptedException {
    if (blocked().isPresent() && !isKnownToBeBlocked()) {
      // The connection that was told so is gone, and would not hear of the end.
      dropLink();
      lookNow();
    }
    if (isKnownToBeBlocked()) {
      throw blockage.unavailable();
    }
  }

  private Channel openChannel() throws IOException, TimeoutException {
    Channel current = channel;
    if (current != null && current.isOpen()) {
      return current;
    }
    dropLink();
    Link opened = openLink();
    layout = topology.prepare(opened.connection());
    current = opened.connection().createChannel();
    current.txSelect();
    current.addReturnListener(message -> returned = true);
    quiet = new QuietChannel(opened.connection());
    channel = current;
    return current;
  }

  private Link openLink() throws IOException, TimeoutException {
    Link current = link;
    if (current == null) {
      current = broker.open(CONNECTION_NAME);
      listen(current);
      link = current;
    }
    if (closed) {
      dropLink();
      throw new IOException("the feed is closed");
    }
    return current;
  }

  private void listen(Link opened) {
    var told = new CompletableFuture<Void>();
    blocked = told;
    opened
        .connection()
        .addBlockedListener(
            reason -> {
              blockage.begin(reason);
              told.complete(null);
              if (phase.compareAndSet(Phase.SENDING, Phase.GIVEN_UP)) {
                // Uncommitted, it is gone with its connection.
                opened.cut();
              }
            },
            () -> {
              blocked = new CompletableFuture<>();
              blockage.end();
            });
  }

  private void dropLink() {
    Link last = link;
    link = null;
    channel = null;
    if (last != null) {
      last.cut();
    }
  }

  /** The next message opens a new connection and makes the topology ready. */
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
