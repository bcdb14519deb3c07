package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import dev.freshet.Backoff;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangeRelay;
import io.micronaut.context.annotation.Requires;
import io.micronaut.rabbitmq.connect.RabbitConnectionFactoryConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes captured messages to the exchange, as Debezium Server does, and waits until the broker
 * confirms each. One thread sends them in order. After any fault it connects again, and starts over
 * from the first message that is not confirmed.
 */
@Singleton
@Requires(property = "freshet.feed", value = "postgresql")
@Requires(property = "freshet.capture.publish", value = "rabbitmq")
final class ExchangeRelay implements ChangeRelay {

  private static final Logger LOG = LoggerFactory.getLogger(ExchangeRelay.class);
  private static final String CONNECTION_NAME = "freshet-relay";
  private static final int PERSISTENT = 2;
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Broker broker;
  private final RabbitmqConfiguration names;
  private final Outbox outbox;
  private final Backoff backoff;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, CONNECTION_NAME);
  private volatile @Nullable Link link;
  private volatile @Nullable String fault;
  private volatile @Nullable String blocked;
  private volatile @Nullable String returned;
  private volatile boolean abandoned;

  @Inject
  ExchangeRelay(RabbitConnectionFactoryConfig settings, RabbitmqConfiguration configuration) {
    this.broker = new Broker(settings, configuration);
    this.names = configuration;
    this.outbox = new Outbox(configuration.prefetch(), configuration.prefetchBytes());
    this.backoff =
        new Backoff(configuration.retryDelay(), configuration.maxRetryDelay(), new Random());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void relay(ChangeMessage message, boolean mandatory, Runnable whenTaken)
      throws InterruptedException {
    outbox.add(new Outbox.Outgoing(message, mandatory, whenTaken));
  }

  /** With the connection goes what is on its way. */
  @Override
  public void abandon() {
    outbox.clear();
    abandoned = true;
    cut();
  }

  @Override
  public Optional<String> fault() {
    return Optional.ofNullable(blocked)
        .map(reason -> "RabbitMQ at %s blocks publishers: %s".formatted(broker.address(), reason))
        .or(() -> Optional.ofNullable(fault));
  }

  private void run() {
    int failures = 1;
    try {
      do {
        try {
          publish();
        } catch (IOException | TimeoutException | RuntimeException e) {
          failures = fault == null ? 1 : failures + 1;
          failed(e);
        } finally {
          cut();
          blocked = null;
          outbox.rewind();
        }
      } while (!closing.await(backoff.delay(failures).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failed(Exception cause) {
    if (abandoned || closing.getCount() == 0) {
      return;
    }
    String why =
        "RabbitMQ at %s takes no changes: %s"
            .formatted(broker.address(), BrokerFault.describe(cause, broker));
    if (!why.equals(fault)) {
      LOG.warn("{}. They are published again, and the slot waits for them", why);
    }
    fault = why;
  }

  /** Until the connection ends, or the broker does not take what it should. */
  private void publish() throws IOException, TimeoutException, InterruptedException {
    Link opened = broker.open(CONNECTION_NAME);
    abandoned = false;
    link = opened;
    opened
        .connection()
        .addBlockedListener(
            reason -> ifPresent(opened, () -> blocked = reason),
            () ->
                ifPresent(
                    opened,
                    () -> {
                      blocked = null;
                      outbox.countAnew();
                    }));
    requireExchange(opened);
    Channel channel = opened.connection().createChannel();
    channel.confirmSelect();
    new QuietChannel(opened.connection()).catchUp();
    returned = null;
    var refused = new CountDownLatch(1);
    if (outbox.isEmpty()) {
      recovered();
    }
    channel.addReturnListener(
        message -> ifPresent(opened, () -> noQueueTakes(message.getProperties().getMessageId())));
    channel.addConfirmListener(
        (number, multiple) ->
            ifPresent(
                opened,
                () -> {
                  outbox.confirmed(number, multiple);
                  if (returned == null) {
                    recovered();
                  }
                }),
        (number, multiple) -> refused.countDown());
    while (closing.getCount() > 0) {
      long number = channel.getNextPublishSeqNo();
      var next = outbox.next(number, LOOK);
      if (next.isPresent()) {
        publish(channel, number, next.get());
      }
      requireTaken(channel, refused);
    }
  }

  /** A connection that was cut may still tell what it has read; its numbers are of no use now. */
  private void ifPresent(Link opened, Runnable told) {
    synchronized (outbox) {
      if (opened.equals(link)) {
        told.run();
      }
    }
  }

  private void recovered() {
    if (fault != null) {
      LOG.info("RabbitMQ at {} takes changes again", broker.address());
      fault = null;
    }
  }

  private void publish(Channel channel, long number, Outbox.Outgoing outgoing) throws IOException {
    ChangeMessage message = outgoing.message();
    var properties =
        new BasicProperties.Builder()
            .deliveryMode(PERSISTENT)
            .headers(Map.copyOf(message.headers()))
            .messageId(String.valueOf(number))
            .build();
    try {
      channel.basicPublish(
          names.exchange(), message.routingKey(), outgoing.mandatory(), properties, message.body());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "AMQP cannot carry a message of %s: %s".formatted(message.routingKey(), e.getMessage()),
          e);
    }
  }

  private void noQueueTakes(String number) {
    outbox
        .returned(Long.parseLong(number))
        .ifPresent(
            message ->
                returned =
                    "no queue takes the routing key '%s' of the exchange '%s'; bind one, or set freshet.capture.publish=none"
                        .formatted(message.routingKey(), names.exchange()));
  }

  private void requireTaken(Channel channel, CountDownLatch refused) throws IOException {
    if (!channel.isOpen()) {
      throw new IOException(channel.getCloseReason());
    }
    if (returned != null) {
      throw new IOException(returned);
    }
    if (refused.getCount() == 0) {
      throw new IOException("a queue is full or fails");
    }
    if (blocked == null && outbox.unconfirmedFor().compareTo(names.timeout()) > 0) {
      throw new IOException(
          "it has confirmed nothing for %d s".formatted(names.timeout().toSeconds()));
    }
  }

  /** Other declarations of it are the owner's choice. */
  private void requireExchange(Link opened) throws IOException, TimeoutException {
    var inspector = new Inspector(opened.connection());
    if (inspector.exchangeExists(names.exchange())) {
      return;
    }
    if (names.topology() != TopologyMode.DECLARE) {
      throw new IOException(
          "there is no exchange '%s'; create it, or set freshet.rabbitmq.topology=declare"
              .formatted(names.exchange()));
    }
    inspector.inChannel(
        channel -> channel.exchangeDeclare(names.exchange(), BuiltinExchangeType.TOPIC, true));
  }

  private void cut() {
    Link last;
    synchronized (outbox) {
      last = link;
      link = null;
    }
    if (last != null) {
      last.cut();
    }
  }

  @Override
  @PreDestroy
  public void close() {
    closing.countDown();
    cut();
    try {
      thread.join(names.timeout().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
