package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Departures.Account;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the dead letters that the broker makes itself, in a queue of their own. They are taken
 * as they come, so nobody has to look through the dead-letter queue again and again; and the broker
 * puts a letter there before it delivers a message that stood behind it.
 *
 * <p>Freshet's own dead letters have no {@code x-first-death-queue}, and the headers exchange
 * before the queue lets them pass by.
 *
 * @see <a href="https://www.rabbitmq.com/docs/dlx#effects">Dead-lettered effects on messages</a>
 */
final class LetterWatch {

  private static final Logger log = LoggerFactory.getLogger(LetterWatch.class);

  private static final String CONNECTION_NAME = "freshet-letters";

  /** A letter may be as large as a message: two at a time. */
  private static final int PREFETCH = 2;

  /** So many letters are kept while Freshet does not run. */
  private static final int MAX_LENGTH = 100_000;

  /** How long one call goes on while letters come. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Broker broker;
  private final Topology topology;
  private final RabbitmqConfiguration names;
  private final DeadLetterReader reader;
  private final LinkedBlockingDeque<GetResponse> arrived = new LinkedBlockingDeque<>();
  private @Nullable Link link;
  private @Nullable Channel channel;
  private long nextAttempt = System.nanoTime();
  private @Nullable String refusal;
  private volatile boolean cancelled;
  private boolean closed;

  LetterWatch(
      Broker broker, Topology topology, RabbitmqConfiguration names, DeadLetterReader reader) {
    this.broker = broker;
    this.topology = topology;
    this.names = names;
    this.reader = reader;
  }

  /**
   * Hands over the letters that are there, oldest first.
   *
   * @throws RuntimeException what the other side throws; the letter that it did not take stays
   */
  synchronized Account drain(Consumer<DeadLetter> record) {
    try {
      return drain(open(record), record);
    } catch (ShutdownSignalException | IOException | TimeoutException e) {
      drop();
      String fault =
          ("messages that RabbitMQ at %s puts away itself are not seen: the queue %s cannot be used"
                  + " (%s); let Freshet declare it, or create it as docs/rabbitmq.md says")
              .formatted(broker.address(), queue(), BrokerFault.describe(e, broker));
      // What the broker refuses it refuses again.
      refusal = BrokerFault.reply(e).isPresent() ? fault : null;
      return refusal == null ? Account.open(fault) : Account.blind(fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Account.open("the look at the broker's dead letters was interrupted");
    }
  }

  private Account drain(@Nullable Channel current, Consumer<DeadLetter> record)
      throws IOException, InterruptedException {
    if (current == null) {
      return refusal == null
          ? Account.open("the broker's dead letters are looked at again in a moment")
          : Account.blind(refusal);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      // What the queue had before comes before the answer.
      long waiting = current.messageCount(queue());
      GetResponse letter = arrived.poll();
      if (letter == null && waiting > 0) {
        letter = arrived.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (letter == null && waiting == 0) {
        return Account.COMPLETE;
      }
      if (letter != null) {
        settle(current, letter, record);
      }
      if (System.nanoTime() > deadline) {
        return Account.open(
            "the broker has put away messages itself, and %d of them are still to be recorded"
                .formatted(waiting + arrived.size()));
      }
    }
  }

  private void settle(Channel current, GetResponse letter, Consumer<DeadLetter> record)
      throws IOException {
    Optional<DeathRecord> death = deathInQueue(letter);
    if (death.isPresent()) {
      try {
        record.accept(reader.read(letter, death.get()));
      } catch (RuntimeException e) {
        arrived.addFirst(letter);
        throw e;
      }
    }
    current.basicAck(letter.getEnvelope().getDeliveryTag(), false);
  }

  /** Other queues may share the dead-letter exchange. */
  private Optional<DeathRecord> deathInQueue(GetResponse letter) {
    return DeathRecord.last(letter.getProps().getHeaders())
        .filter(death -> names.queue().equals(death.queue()));
  }

  private String queue() {
    return names.deadLetterQueue() + ".watch";
  }

  /** Null while it is too soon to try again. */
  private @Nullable Channel open(Consumer<DeadLetter> record) throws IOException, TimeoutException {
    Channel current = channel;
    if (current != null && current.isOpen() && !cancelled) {
      return current;
    }
    drop();
    if (closed || System.nanoTime() - nextAttempt < 0) {
      return null;
    }
    nextAttempt = System.nanoTime() + names.retryDelay().toNanos();
    Link opened = broker.open(CONNECTION_NAME, new DirectExecutor());
    link = opened;
    topology.prepare(opened.connection());
    boolean isNew = declare(opened);
    current = opened.connection().createChannel();
    current.basicQos(PREFETCH);
    current.basicConsume(queue(), false, new Receiver(current));
    if (isNew) {
      recordEarlier(opened, record);
    }
    refusal = null;
    channel = current;
    return current;
  }

  /** Whether the queue is new, so that it lacks the letters that are older. */
  private boolean declare(Link opened) throws IOException, TimeoutException {
    boolean isNew = isMissing(opened);
    if (names.topology() != TopologyMode.DECLARE) {
      return false;
    }
    try (Channel declaring = opened.connection().createChannel()) {
      declaring.exchangeDeclare(queue(), BuiltinExchangeType.HEADERS, true);
      // A classic queue knows no delivery limit: a letter stays until it is recorded.
      declaring.queueDeclare(
          queue(),
          true,
          false,
          false,
          Map.of("x-queue-type", "classic", "x-max-length", MAX_LENGTH));
      Map<String, @Nullable Object> hasDied = new HashMap<>();
      hasDied.put("x-match", "all-with-x");
      hasDied.put("x-first-death-queue", null);
      declaring.queueBind(queue(), queue(), "", hasDied);
      for (String routingKey : names.routingKeys()) {
        declaring.exchangeBind(queue(), names.deadLetterExchange(), routingKey);
      }
      return isNew;
    } catch (IOException e) {
      if (!isNew && BrokerFault.hasCode(e, AMQP.ACCESS_REFUSED)) {
        return false;
      }
      throw e;
    }
  }

  private boolean isMissing(Link opened) throws IOException, TimeoutException {
    try (Channel asking = opened.connection().createChannel()) {
      asking.queueDeclarePassive(queue());
      return false;
    } catch (IOException e) {
      if (BrokerFault.hasCode(e, AMQP.NOT_FOUND)) {
        return true;
      }
      throw e;
    }
  }

  /** What the dead-letter queue has from before; each letter goes back to its place. */
  private void recordEarlier(Link opened, Consumer<DeadLetter> record)
      throws IOException, TimeoutException {
    int found = 0;
    try (Channel looking = opened.connection().createChannel()) {
      for (int looks = 0; looks < MAX_LENGTH; looks++) {
        GetResponse letter = looking.basicGet(names.deadLetterQueue(), false);
        if (letter == null) {
          break;
        }
        Optional<DeathRecord> death = deathInQueue(letter);
        if (death.isPresent()) {
          record.accept(reader.read(letter, death.get()));
          found++;
        }
      }
    }
    log.info(
        "Declared the queue {}; {} earlier dead letters in {} are the broker's own",
        queue(),
        found,
        names.deadLetterQueue());
  }

  private void drop() {
    Link last = link;
    link = null;
    channel = null;
    cancelled = false;
    arrived.clear();
    if (last != null) {
      last.cut();
    }
  }

  synchronized void close() {
    closed = true;
    Optional.ofNullable(link).ifPresent(last -> last.close(names.timeout()));
    link = null;
  }

  private final class Receiver extends DefaultConsumer {

    Receiver(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, BasicProperties properties, byte[] body) {
      arrived.add(new GetResponse(envelope, properties, body, 0));
    }

    /** The queue was deleted: the next look declares it again. */
    @Override
    public void handleCancel(String tag) {
      cancelled = true;
    }
  }
}
