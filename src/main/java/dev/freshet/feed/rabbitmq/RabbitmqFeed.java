package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.freshet.UnavailableException;
import dev.freshet.feed.ArrivalClock;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Inbox;
import dev.freshet.feed.IndexSharing;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import dev.freshet.feed.UnroutableException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.rabbitmq.connect.RabbitConnectionFactoryConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feed from the queue that Debezium Server fills. */
@Singleton
@Requires(property = "freshet.feed", value = "rabbitmq", defaultValue = "rabbitmq")
final class RabbitmqFeed implements ChangeFeed, ChangePublisher {

  private static final Logger log = LoggerFactory.getLogger(RabbitmqFeed.class);
  private static final int PERSISTENT = 2;

  /** It routes to the queue that the routing key names. */
  private static final String DEFAULT_EXCHANGE = "";

  private final RabbitmqConfiguration configuration;
  private final Bindings bindings;
  private final Inbox<RabbitmqDelivery> inbox = new Inbox<>();
  private final ConsumerLoop consumerLoop;
  private final Publisher publisher;
  private final RabbitmqDepartures departures;

  /**
   * Makes a feed.
   *
   * @param sharing whether others may consume the queue, too
   */
  @Inject
  RabbitmqFeed(
      RabbitConnectionFactoryConfig settings,
      RabbitmqConfiguration configuration,
      IndexSharing sharing,
      Clock clock) {
    this.configuration = configuration;
    this.bindings = Bindings.of(configuration.routingKeys());
    var broker = new Broker(settings, configuration);
    var topology = new Topology(configuration);
    var conservation = new Conservation(configuration.queue());
    this.consumerLoop =
        new ConsumerLoop(
            broker,
            topology,
            configuration,
            inbox,
            conservation,
            sharing.shared()
                ? SoleConsumer.notRequired(configuration.queue())
                : SoleConsumer.required(configuration.queue(), sharing.store()),
            new ArrivalClock(clock));
    this.departures =
        new RabbitmqDepartures(
            new LetterWatch(broker, topology, configuration, new DeadLetterReader(clock)),
            conservation,
            clock);
    this.publisher = new Publisher(broker, topology, configuration);
  }

  RabbitmqFeed(
      RabbitConnectionFactoryConfig settings, RabbitmqConfiguration configuration, Clock clock) {
    this(settings, configuration, new IndexSharing("pgvector", true), clock);
  }

  @Override
  public void start() {
    consumerLoop.start();
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Duration remaining = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      List<RabbitmqDelivery> taken = inbox.take(limit, remaining);
      // What a lost connection left behind comes again over the next one.
      List<Delivery> live = new ArrayList<>(taken);
      live.removeIf(delivery -> delivery instanceof RabbitmqDelivery stale && !stale.isLive());
      if (!live.isEmpty() || taken.isEmpty()) {
        return live;
      }
    }
  }

  @Override
  public int window() {
    return consumerLoop.prefetch();
  }

  @Override
  public long windowBytes() {
    return configuration.prefetchBytes();
  }

  @Override
  public void pause() {
    consumerLoop.pause();
  }

  @Override
  public boolean drain() {
    return consumerLoop.drain();
  }

  @Override
  public void resume() {
    consumerLoop.resume();
  }

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {
    tags(deliveries).forEach(ConsumerSession::giveBack);
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {
    tags(deliveries).forEach(ConsumerSession::acknowledge);
  }

  private static Map<ConsumerSession, List<Long>> tags(List<? extends Delivery> deliveries) {
    Map<ConsumerSession, List<Long>> tags = new HashMap<>();
    for (Delivery delivery : deliveries) {
      RabbitmqDelivery own = own(delivery);
      tags.computeIfAbsent(own.session(), session -> new ArrayList<>()).add(tag(own));
    }
    return tags;
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    RabbitmqDelivery own = own(delivery);
    if (!own.session().isOpen(tag(own))) {
      return false;
    }
    try {
      publisher.deadLetter(
          DeadLetterProperties.properties(
              own.properties(), own.envelope(), own.receivedAt(), rejection),
          own.message().body());
    } catch (IllegalArgumentException e) {
      deadLetterWithoutRoom(own, rejection, e);
      return true;
    }
    own.session().acknowledge(List.of(tag(own)));
    return true;
  }

  /** Its own headers leave no room for the reason. */
  private void deadLetterWithoutRoom(
      RabbitmqDelivery own, Rejection rejection, IllegalArgumentException cause) {
    if (publisher.brokerDeadLetters()) {
      log.warn(
          "A dead letter cannot carry its reason {}, so the broker puts it away without one: {}",
          rejection.reason().label(),
          cause.getMessage());
      own.session().reject(tag(own));
      return;
    }
    log.warn(
        "A dead letter loses its own headers, so that it can carry its reason {}: {}",
        rejection.reason().label(),
        cause.getMessage());
    try {
      publisher.deadLetter(
          DeadLetterProperties.withoutOwnHeaders(
              own.properties(), own.envelope(), own.receivedAt(), rejection),
          own.message().body());
    } catch (IllegalArgumentException e) {
      throw new UnavailableException("RabbitMQ takes no such dead letter: " + e.getMessage(), e);
    }
    own.session().acknowledge(List.of(tag(own)));
  }

  @Override
  public void publish(ChangeMessage message) throws UnroutableException {
    if (message.routingKey().isEmpty()) {
      publish(DEFAULT_EXCHANGE, configuration.queue(), message);
      return;
    }
    // The alternate exchange takes what no binding takes, so the broker would not return it.
    if (!bindings.match(message.routingKey())) {
      throw new UnroutableException(
          "queue %s is not bound with a key that takes '%s'; freshet.rabbitmq.routing-keys has %s"
              .formatted(configuration.queue(), message.routingKey(), configuration.routingKeys()));
    }
    publish(configuration.exchange(), message.routingKey(), message);
  }

  private void publish(String exchange, String routingKey, ChangeMessage message)
      throws UnroutableException {
    try {
      publisher.publish(exchange, routingKey, properties(message), message.body());
    } catch (IllegalArgumentException e) {
      throw new UnroutableException("AMQP cannot carry the message: " + e.getMessage());
    }
  }

  private static BasicProperties properties(ChangeMessage message) {
    return new BasicProperties.Builder()
        .deliveryMode(PERSISTENT)
        .headers(Map.copyOf(message.headers()))
        .build();
  }

  @Override
  public void stopReceiving() {
    consumerLoop.stop();
  }

  @Override
  public FeedStatus status() {
    FeedStatus status = consumerLoop.status();
    return new FeedStatus(
        status.connected(),
        status.description(),
        publisher.blocked().orElse(null),
        status.remarks());
  }

  @Override
  public boolean takesLogicalMessages() {
    return bindings.mayMatchAnyWith("message");
  }

  @Override
  public int held() {
    return consumerLoop.held();
  }

  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return consumerLoop.aloneSince();
  }

  @Override
  public Departures departures() {
    return departures;
  }

  @Override
  public Optional<Backlog> backlog() {
    if (consumerLoop.status().connected()) {
      publisher.look();
    }
    return consumerLoop.backlog();
  }

  @Override
  @PreDestroy
  public void close() {
    consumerLoop.close();
    publisher.close();
    departures.close();
  }

  private static RabbitmqDelivery own(Delivery delivery) {
    if (delivery instanceof RabbitmqDelivery own) {
      return own;
    }
    throw new IllegalArgumentException("the delivery is not of this feed");
  }

  private static Long tag(RabbitmqDelivery delivery) {
    return delivery.tag();
  }
}
