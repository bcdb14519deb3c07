package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.FeedReading.bodies;
import static dev.freshet.feed.FeedReading.takeAll;
import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Rejection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyIT {

  private final TestBroker broker = new TestBroker();
  private final RabbitmqConfiguration names = broker.configuration();

  TopologyIT() throws Exception {}

  @AfterEach
  void deleteNames() throws Exception {
    broker.close();
  }

  @Test
  void declaresWhatTheContractNames() throws Exception {
    declare(names);

    assertThatNoException()
        .isThrownBy(
            () -> {
              Channel channel = broker.channel();
              channel.exchangeDeclare(
                  names.exchange(),
                  BuiltinExchangeType.TOPIC,
                  true,
                  false,
                  Map.of("alternate-exchange", names.exchange() + ".unrouted"));
              channel.exchangeDeclare(names.deadLetterExchange(), BuiltinExchangeType.DIRECT, true);
              channel.queueDeclare(names.queue() + ".dlq", true, false, false, Map.of());
              channel.queueDeclare(
                  names.queue(),
                  true,
                  false,
                  false,
                  Map.of(
                      "x-dead-letter-exchange",
                      names.deadLetterExchange(),
                      "x-dead-letter-routing-key",
                      "public.products.#"));
            });
  }

  @Test
  void declaringAgainChangesNothing() throws Exception {
    declare(names);
    broker.send(KEY, "a");

    declare(names);

    await().until(() -> broker.waiting(names.queue()) == 1);
  }

  @Test
  void everyRoutingKeyIsBound() throws Exception {
    RabbitmqConfiguration two = broker.configuration(500, "public.products.#", "public.orders.#");
    declare(two);

    broker.send(KEY, "product");
    broker.send("public.orders.eu", "order");
    broker.send("public.customers", "customer");

    try (ChangeFeed feed = broker.feed(two)) {
      feed.start();
      assertThat(bodies(takeAll(feed, 2))).containsExactly("product", "order");
    }
    assertThat(broker.drain(names.unrouted()))
        .extracting(TestBroker::body)
        .containsExactly("customer");
  }

  @Test
  void theBrokersOwnDeadLettersReachTheDeadLetterQueue() throws Exception {
    declare(names);
    broker.send(KEY, "rejected");
    broker.channel().basicReject(next(), false);
    var expiring = new BasicProperties.Builder().expiration("1").build();
    broker
        .channel()
        .basicPublish(names.exchange(), KEY, expiring, "expired".getBytes(StandardCharsets.UTF_8));

    await().until(() -> broker.waiting(names.deadLetterQueue()) == 2);
    assertThat(broker.drain(names.deadLetterQueue()))
        .extracting(TestBroker::body)
        .containsExactly("rejected", "expired");
  }

  @Test
  void anExchangeWithoutAnAlternateIsUsedAsItIs() throws Exception {
    broker.declarePlainExchange();

    declare(names);

    broker.declarePlainExchange();
    assertThatThrownBy(() -> broker.newChannel().queueDeclarePassive(names.unrouted()))
        .isInstanceOf(Exception.class);
  }

  @Test
  void withoutALimitForUnroutedEventsNoneAreKept() throws Exception {
    var keepsNone =
        new RabbitmqConfiguration(
            names.exchange(),
            names.queue(),
            names.routingKeys(),
            names.deadLetterExchange(),
            "",
            names.consumerTag(),
            500,
            names.prefetchBytes(),
            0,
            names.timeout(),
            names.retryDelay(),
            names.maxRetryDelay(),
            true,
            TopologyMode.DECLARE,
            null,
            Map.of());

    declare(keepsNone);

    broker.declarePlainExchange();
    assertThatThrownBy(() -> broker.newChannel().exchangeDeclarePassive(names.unrouted()))
        .isInstanceOf(Exception.class);
  }

  @Test
  void aQueueWithoutDeadLettersIsConsumedAndDeadLettersArePublished() throws Exception {
    broker.channel().queueDeclare(names.queue(), true, false, false, Map.of());

    consumesAndDeadLetters(names);

    assertThat(declare(names).remarks())
        .anySatisfy(remark -> assertThat(remark).contains("has no x-dead-letter-exchange"));
  }

  @Test
  void aDeadLetterThatHasNoRoomForItsReasonIsKeptWithoutAHelpfulQueue() throws Exception {
    broker.channel().queueDeclare(names.queue(), true, false, false, Map.of());
    try (RabbitmqFeed feed = broker.feed()) {
      feed.start();
      await().until(() -> feed.status().connected());
      broker.send(KEY, Map.of("large", "x".repeat(130_500)), "broken");

      feed.deadLetter(
          takeAll(feed, 1).get(0),
          new Rejection(RejectionReason.MISSING_KEY, "y".repeat(5_000), Instant.EPOCH));

      await().until(() -> broker.waiting(names.deadLetterQueue()) == 1);
      assertThat(broker.drain(names.deadLetterQueue()).get(0).getProps().getHeaders())
          .containsKey("x-freshet-reason")
          .doesNotContainKey("large");
    }
  }

  @Test
  void aQuorumQueueIsConsumed() throws Exception {
    broker
        .channel()
        .queueDeclare(
            names.queue(),
            true,
            false,
            false,
            Map.of("x-queue-type", "quorum", "x-delivery-limit", 7));

    consumesAndDeadLetters(names);

    assertThat(declare(names).remarks())
        .anySatisfy(remark -> assertThat(remark).contains("is a quorum queue"))
        .anySatisfy(remark -> assertThat(remark).contains("x-delivery-limit=7"));
    assertThat(declare(names).countsDeliveries()).isTrue();
  }

  @Test
  void aQueueWithALengthLimitIsConsumed() throws Exception {
    Map<String, Object> limited = new HashMap<>(names.allQueueArguments());
    limited.put("x-max-length", 1_000);
    limited.put("x-message-ttl", 600_000L);
    broker.channel().queueDeclare(names.queue(), true, false, false, limited);

    consumesAndDeadLetters(names);

    assertThat(declare(names).remarks())
        .hasSize(2)
        .anySatisfy(remark -> assertThat(remark).contains("x-max-length=1000"))
        .anySatisfy(remark -> assertThat(remark).contains("x-message-ttl=600000"));
    assertThat(declare(names).deadLettersByBroker()).isTrue();
    assertThat(declare(names).countsDeliveries()).isFalse();
  }

  @Test
  void aQueueWithAnotherDeadLetterExchangeIsConsumed() throws Exception {
    broker
        .channel()
        .queueDeclare(
            names.queue(), true, false, false, Map.of("x-dead-letter-exchange", "team.dlx"));

    consumesAndDeadLetters(names);

    assertThat(declare(names).remarks())
        .anySatisfy(
            remark ->
                assertThat(remark)
                    .contains("x-dead-letter-exchange 'team.dlx'")
                    .contains("freshet.rabbitmq.dead-letter-exchange"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fanout", "direct", "headers"})
  void anExchangeOfAnotherTypeIsUsed(String type) throws Exception {
    broker.channel().exchangeDeclare(names.exchange(), type, true);
    RabbitmqConfiguration exact = broker.configuration(500, KEY);

    consumesAndDeadLetters(exact);

    assertThat(declare(names).remarks())
        .anySatisfy(
            remark ->
                assertThat(remark).contains("exchange '%s'".formatted(names.exchange()), type));
  }

  @Test
  void anExchangeThatGoesWithTheBrokerIsUsed() throws Exception {
    broker.channel().exchangeDeclare(names.exchange(), "topic", false);

    consumesAndDeadLetters(names);

    assertThat(declare(names).remarks())
        .singleElement()
        .satisfies(remark -> assertThat(remark).contains("is not durable"));
  }

  @Test
  void aDeadLetterExchangeOfAnotherTypeIsUsed() throws Exception {
    broker.channel().exchangeDeclare(names.deadLetterExchange(), "topic", true);

    consumesAndDeadLetters(names);
  }

  @Test
  void aQuorumQueueOfDeadLettersIsRemarkedOn() throws Exception {
    broker
        .channel()
        .queueDeclare(
            names.deadLetterQueue(), true, false, false, Map.of("x-queue-type", "quorum"));

    consumesAndDeadLetters(names);

    assertThat(declare(names).remarks())
        .singleElement()
        .satisfies(
            remark ->
                assertThat(remark).contains(names.deadLetterQueue(), "each look at a dead letter"));
  }

  @Test
  void aQueueOfTheConfiguredTypeAndArgumentsIsDeclared() throws Exception {
    RabbitmqConfiguration quorum =
        broker.configuration(
            TopologyMode.DECLARE, QueueType.QUORUM, Map.of("x-max-length", 1_000L));

    consumesAndDeadLetters(quorum);

    assertThat(declare(quorum).remarks()).isEmpty();
    broker.channel().queueDeclare(names.queue(), true, false, false, quorum.allQueueArguments());
    // A quorum queue would drop what is looked at often.
    broker
        .channel()
        .queueDeclare(
            names.deadLetterQueue(), true, false, false, Map.of("x-queue-type", "classic"));
  }

  @Test
  void anArgumentThatTheQueueLacksIsRemarkedOn() throws Exception {
    declare(names);

    assertThat(
            declare(
                    broker.configuration(
                        TopologyMode.DECLARE, null, Map.of("x-max-length", 1_000L)))
                .remarks())
        .singleElement()
        .satisfies(remark -> assertThat(remark).contains("has no x-max-length", "queue-arguments"));
  }

  @Test
  void aQueueThatLosesChangesIsNotConsumedUnlessAskedFor() throws Exception {
    broker.channel().queueDeclare(names.queue(), false, false, false, Map.of());
    broker.channel().basicPublish("", names.queue(), null, new byte[] {1});

    assertThatThrownBy(() -> declare(names))
        .isInstanceOf(TopologyMismatchException.class)
        .hasMessageContaining("queue '%s' is not durable".formatted(names.queue()))
        .hasMessageContaining("freshet.rabbitmq.queue ")
        .hasMessageContaining("freshet.rabbitmq.topology=check");
    assertThat(broker.waiting(names.queue())).isEqualTo(1);
    try (RabbitmqFeed feed =
        broker.feed(broker.configuration(TopologyMode.CHECK, null, Map.of()))) {
      feed.start();
      assertThat(takeAll(feed, 1)).hasSize(1);
    }
  }

  @Test
  void whatCannotBeConsumedShowsInTheStatusUntilItIsMended() throws Exception {
    broker.channel().queueDeclare(names.queue(), false, false, false, Map.of());
    try (ChangeFeed feed = broker.feed()) {
      feed.start();
      await()
          .untilAsserted(
              () ->
                  assertThat(feed.status().description())
                      .contains("is not durable")
                      .contains("Delete it once it is empty"));
      assertThat(feed.status().connected()).isFalse();

      broker.channel().queueDelete(names.queue());

      await().until(() -> feed.status().connected());
    }
  }

  @Test
  void checkingConsumesWhatIsThereAndDeclaresNothing() throws Exception {
    broker.channel().queueDeclare(names.queue(), true, false, false, Map.of());
    RabbitmqConfiguration check = broker.configuration(TopologyMode.CHECK, null, Map.of());

    try (RabbitmqFeed feed = broker.feed(check)) {
      feed.start();
      await().until(() -> feed.status().connected());

      assertThat(feed.status().remarks())
          .anySatisfy(remark -> assertThat(remark).contains(names.exchange(), "does not exist"))
          .anySatisfy(
              remark ->
                  assertThat(remark)
                      .contains(names.deadLetterQueue(), "stays in queue", "holds up"));
      broker.channel().basicPublish("", names.queue(), null, "a".getBytes(UTF_8));
      List<Delivery> taken = takeAll(feed, 1);
      assertThat(feed.backlog()).contains(new Backlog(0, 0));
      assertThatThrownBy(() -> feed.deadLetter(taken.get(0), rejection()))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("there is no dead-letter queue '%s'", names.deadLetterQueue())
          .hasMessageContaining("freshet.rabbitmq.dead-letter-queue");

      broker.channel().queueDeclare(names.deadLetterQueue(), true, false, false, Map.of());

      assertThat(feed.deadLetter(taken.get(0), rejection())).isTrue();
      assertThat(broker.waiting(names.deadLetterQueue())).isEqualTo(1);
      assertThatThrownBy(() -> broker.newChannel().exchangeDeclarePassive(names.exchange()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void checkingNamesAQueueThatIsMissing() {
    RabbitmqConfiguration check = broker.configuration(TopologyMode.CHECK, null, Map.of());

    assertThatThrownBy(() -> declare(check))
        .isInstanceOf(TopologyMismatchException.class)
        .hasMessageContaining("queue '%s' does not exist".formatted(names.queue()))
        .hasMessageContaining("freshet.rabbitmq.topology=declare");
  }

  @Test
  void withoutAnyTopologyOnlyTheQueueIsNeeded() throws Exception {
    RabbitmqConfiguration none = broker.configuration(TopologyMode.NONE, null, Map.of());
    try (RabbitmqFeed feed = broker.feed(none)) {
      feed.start();
      await().until(() -> feed.status().description().contains("NOT_FOUND"));

      broker.channel().queueDeclare(names.queue(), true, false, false, Map.of());
      broker.channel().queueDeclare(names.deadLetterQueue(), true, false, false, Map.of());
      broker.channel().basicPublish("", names.queue(), null, "a".getBytes(UTF_8));

      assertThat(feed.deadLetter(takeAll(feed, 1).get(0), rejection())).isTrue();
      assertThat(broker.waiting(names.deadLetterQueue())).isEqualTo(1);
    }
  }

  private void consumesAndDeadLetters(RabbitmqConfiguration configuration) throws Exception {
    try (RabbitmqFeed feed = broker.feed(configuration)) {
      feed.start();
      await().until(() -> feed.status().connected());
      broker.send(KEY, "good", "broken");
      List<Delivery> taken = takeAll(feed, 2);
      assertThat(bodies(taken)).containsExactly("good", "broken");
      feed.acknowledge(taken.subList(0, 1));

      assertThat(feed.deadLetter(taken.get(1), rejection())).isTrue();

      assertThat(broker.drain(names.deadLetterQueue()))
          .extracting(TestBroker::body)
          .containsExactly("broken");
      assertThat(feed.held()).isZero();
    }
  }

  private static Rejection rejection() {
    return new Rejection(RejectionReason.UNDECODABLE, "no JSON", Instant.EPOCH);
  }

  private long next() throws Exception {
    await().until(() -> broker.waiting(names.queue()) == 1);
    return broker.channel().basicGet(names.queue(), false).getEnvelope().getDeliveryTag();
  }

  private Layout declare(RabbitmqConfiguration configuration) throws Exception {
    return new Topology(configuration).prepare(broker.connection());
  }
}
