package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.FeedReading.bodies;
import static dev.freshet.feed.FeedReading.takeAll;
import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.freshet.RejectionReason;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeFeedContract;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import dev.freshet.feed.UnroutableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RabbitmqFeedIT extends ChangeFeedContract {

  private static final Duration A_MOMENT = Duration.ofMillis(200);
  private static final Rejection REJECTION =
      new Rejection(
          RejectionReason.MISSING_KEY, "column id is null", Instant.parse("2024-02-29T12:00:00Z"));

  private final TestBroker broker = new TestBroker();
  private final RabbitmqConfiguration names = broker.configuration();

  RabbitmqFeedIT() throws Exception {}

  @Override
  protected ChangeFeed createFeed() throws Exception {
    return broker.feed();
  }

  @Override
  protected String routingKey() {
    return KEY;
  }

  @Override
  protected List<String> deadLetterBodies() throws Exception {
    return broker.drain(names.deadLetterQueue()).stream().map(TestBroker::body).toList();
  }

  @AfterEach
  void deleteNames() throws Exception {
    feed().close();
    broker.close();
  }

  @Test
  void whatIsNotAcknowledgedComesAgainInOrder() throws Exception {
    broker.send(KEY, "a", "b", "c", "d");
    List<Delivery> taken = takeAll(feed(), 4);
    feed().acknowledge(List.of(taken.get(0), taken.get(2)));

    feed().close();

    try (ChangeFeed next = broker.feed()) {
      next.start();
      assertThat(bodies(takeAll(next, 2))).containsExactly("b", "d");
    }
  }

  @Test
  void stoppingReturnsWhatWasNotTakenAndStillTakesAcknowledgements() throws Exception {
    broker.send(KEY, "a", "b", "c");
    List<Delivery> taken = takeAll(feed(), 1);

    feed().stopReceiving();
    feed().acknowledge(taken);
    feed().close();

    assertThat(broker.drain(names.queue())).extracting(TestBroker::body).containsExactly("b", "c");
  }

  @Test
  void noMoreThanThePrefetchIsHeldAtATime() throws Exception {
    feed().close();
    try (ChangeFeed narrow = broker.feed(broker.configuration(3, "public.products.#"))) {
      narrow.start();
      await().until(() -> narrow.status().connected());
      broker.send(KEY, "a", "b", "c", "d", "e");

      List<Delivery> taken = takeAll(narrow, 3);

      assertThat(narrow.take(10, A_MOMENT)).isEmpty();
      assertThat(broker.waiting(names.queue())).isEqualTo(2);
      narrow.acknowledge(taken);
      assertThat(bodies(takeAll(narrow, 2))).containsExactly("d", "e");
    }
  }

  @Test
  void whoConsumesAloneHoldsAllThatIsHeld() throws Exception {
    await()
        .untilAsserted(() -> assertThat(feed().aloneSince(Partition.ONLY)).contains(Instant.MIN));

    try (ChangeFeed other = broker.feed()) {
      other.start();
      await().until(() -> other.status().connected());
      await().untilAsserted(() -> assertThat(lookedAt(feed())).isEmpty());
      assertThat(lookedAt(other)).isEmpty();
    }
    await().untilAsserted(() -> assertThat(lookedAt(feed())).isPresent());
    assertThat(feed().aloneSince(Partition.ONLY).orElseThrow()).isAfter(Instant.EPOCH);
  }

  private static Optional<Instant> lookedAt(ChangeFeed feed) {
    feed.backlog();
    return feed.aloneSince(Partition.ONLY);
  }

  @Test
  void whatWasGivenBackIsMissedUntilItHasComeAgain() throws Exception {
    broker.send(KEY, "a", "b");
    List<Delivery> taken = takeAll(feed(), 2);
    feed().giveBack(List.of(taken.get(0)));
    feed().giveBack(List.of(taken.get(1)));
    List<Delivery> again = takeAll(feed(), 2);

    assertThat(again).allMatch(Delivery::isRedelivered);
    assertThat(feed().aloneSince(Partition.ONLY)).isPresent();
    feed().pause();
    feed().giveBack(again);
    assertThat(feed().aloneSince(Partition.ONLY)).isEmpty();
    feed().resume();
    assertThat(takeAll(feed(), 2)).hasSize(2);
    assertThat(feed().aloneSince(Partition.ONLY)).isPresent();
  }

  @Test
  void headersOfEveryTypeBecomeText() throws Exception {
    broker.send(KEY, Map.of("text", "{}", "count", 7, "nested", Map.of("a", List.of("b"))), "a");

    assertThat(takeAll(feed(), 1).get(0).message().headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("text", "{}", "count", "7", "nested", "{a=[b]}"));
  }

  @Test
  void aDeadLetterSaysWhyAndWhereItCameFrom() throws Exception {
    broker.send(KEY + ".eu", Map.of("__debezium.newkey", "{\"id\":1}"), "broken");

    Delivery delivery = takeAll(feed(), 1).get(0);

    feed().deadLetter(delivery, REJECTION);

    GetResponse letter = broker.drain(names.deadLetterQueue()).get(0);
    assertThat(TestBroker.body(letter)).isEqualTo("broken");
    assertThat(letter.getProps().getDeliveryMode()).isEqualTo(2);
    Map<String, String> headers = Headers.text(letter.getProps().getHeaders());
    assertThat(UUID.fromString(headers.remove(DeadLetterProperties.ID))).isNotNull();
    assertThat(headers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "__debezium.newkey",
                "{\"id\":1}",
                DeadLetterProperties.REASON,
                "missing-key",
                DeadLetterProperties.DETAIL,
                "column id is null",
                DeadLetterProperties.RECEIVED_AT,
                delivery.receivedAt().toString(),
                DeadLetterProperties.FAILED_AT,
                "2024-02-29T12:00:00Z",
                DeadLetterProperties.ROUTING_KEY,
                KEY + ".eu",
                DeadLetterProperties.EXCHANGE,
                names.exchange()));
  }

  @Test
  void aDeadLetterWithHeadersThatFillTheFrameIsStillKept() throws Exception {
    broker.send(KEY, Map.of("large", "x".repeat(130_500)), "broken");

    feed()
        .deadLetter(
            takeAll(feed(), 1).get(0),
            new Rejection(RejectionReason.MISSING_KEY, "y".repeat(5_000), Instant.EPOCH));

    await().until(() -> broker.waiting(names.deadLetterQueue()) == 1);
    assertThat(broker.waiting(names.queue())).isZero();
  }

  @Test
  void aMissingDeadLetterQueueIsDeclaredAgainBeforeTheMessageIsLost() throws Exception {
    broker.send(KEY, "first", "second");
    List<Delivery> taken = takeAll(feed(), 2);
    feed().deadLetter(taken.get(0), REJECTION);
    broker.channel().queueDelete(names.deadLetterQueue());

    assertThat(feed().deadLetter(taken.get(1), REJECTION)).isTrue();

    assertThat(deadLetterBodies()).containsExactly("second");
  }

  @Test
  void aKeyThatNoBindingTakesIsReported() {
    assertThatThrownBy(() -> publish(message("public.orders")))
        .isInstanceOf(UnroutableException.class)
        .hasMessageContaining("public.orders")
        .hasMessageContaining("freshet.rabbitmq.routing-keys");
  }

  @Test
  void aMessageThatTheExchangeCannotRouteIsReported() throws Exception {
    feed().close();
    broker.channel().exchangeDelete(names.exchange());
    broker.declarePlainExchange();
    try (RabbitmqFeed fresh = broker.feed()) {
      fresh.publish(message(KEY));
      broker.channel().queueUnbind(names.queue(), names.exchange(), "public.products.#");

      assertThatThrownBy(() -> fresh.publish(message(KEY)))
          .isInstanceOf(UnroutableException.class)
          .hasMessageContaining("no queue takes");
    }
  }

  @Test
  void aMessageThatAmqpCannotCarryIsReportedAndTheNextOneArrives() throws Exception {
    String tooLong = KEY + "." + "x".repeat(300);

    assertThatThrownBy(() -> publish(message(tooLong)))
        .isInstanceOf(UnroutableException.class)
        .hasMessageContaining("AMQP cannot carry");

    publish(message(KEY));
    assertThat(takeAll(feed(), 1)).hasSize(1);
  }

  /**
   * An expiration that is none stands for all that a broker refuses of one message by AMQP's 406.
   */
  @Test
  void aMessageThatTheBrokerRefusesIsNotTriedForEver() throws Exception {
    var publisher =
        new Publisher(new Broker(TestBroker.settings(), names), new Topology(names), names);
    var refused = new BasicProperties.Builder().expiration("soon").build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> publisher.publish(names.exchange(), KEY, refused, new byte[0]))
        .withMessageContaining("expiration");

    publisher.publish(names.exchange(), KEY, new BasicProperties.Builder().build(), new byte[0]);
    publisher.close();
    assertThat(takeAll(feed(), 1)).hasSize(1);
  }

  @Test
  void aPublishedMessageOutlivesTheFeed() throws Exception {
    feed().close();
    try (RabbitmqFeed publishing = broker.feed()) {
      publishing.publish(message(KEY));
    }

    GetResponse stored = broker.drain(names.queue()).get(0);

    assertThat(stored.getProps().getDeliveryMode()).isEqualTo(2);
  }

  @Test
  void tenThousandAcknowledgementsTakeLittleTime() throws Exception {
    feed().close();
    int count = 10_000;
    broker.send(KEY, IntStream.range(0, count).mapToObj("m%d"::formatted).toArray(String[]::new));
    try (ChangeFeed wide = broker.feed(broker.configuration(20_000, "public.products.#"))) {
      wide.start();
      List<Delivery> taken = takeAll(wide, count);

      long started = System.nanoTime();
      wide.acknowledge(taken);

      // It takes 60 ms; the bound only tells frames from round trips.
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
    }
    assertThat(broker.waiting(names.queue())).isZero();
  }

  private static ChangeMessage message(String routingKey) {
    return new ChangeMessage(routingKey, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }
}
