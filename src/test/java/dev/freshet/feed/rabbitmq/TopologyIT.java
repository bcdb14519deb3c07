package dev.freshet.feed.rabbitmq;

import static dev.freshet.feed.FeedReading.bodies;
import static dev.freshet.feed.FeedReading.takeAll;
import static dev.freshet.feed.rabbitmq.TestBroker.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import dev.freshet.feed.ChangeFeed;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
            true);

    declare(keepsNone);

    broker.declarePlainExchange();
    assertThatThrownBy(() -> broker.newChannel().exchangeDeclarePassive(names.unrouted()))
        .isInstanceOf(Exception.class);
  }

  @Test
  void aQueueWithoutDeadLettersIsNamedAndKept() throws Exception {
    broker.channel().queueDeclare(names.queue(), true, false, false, Map.of());
    broker.channel().basicPublish("", names.queue(), null, new byte[] {1});

    assertThatThrownBy(() -> declare(names))
        .isInstanceOf(TopologyMismatchException.class)
        .hasMessageContaining("x-dead-letter-exchange")
        .hasMessageContaining("queue '%s'".formatted(names.queue()))
        .hasMessageContaining(names.deadLetterExchange())
        .hasMessageContaining("the broker has none");
    assertThat(broker.waiting(names.queue())).isEqualTo(1);
  }

  @Test
  void anExchangeOfAnotherTypeIsNamed() throws Exception {
    broker.channel().exchangeDeclare(names.exchange(), BuiltinExchangeType.FANOUT, true);

    assertThatThrownBy(() -> declare(names))
        .isInstanceOf(TopologyMismatchException.class)
        .hasMessageContaining("'type'")
        .hasMessageContaining("exchange '%s'".formatted(names.exchange()));
  }

  @Test
  void aMismatchShowsInTheStatusUntilItIsMended() throws Exception {
    broker.channel().queueDeclare(names.queue(), true, false, false, Map.of());
    try (ChangeFeed feed = broker.feed()) {
      feed.start();
      await()
          .untilAsserted(
              () ->
                  assertThat(feed.status().description())
                      .contains("x-dead-letter-exchange")
                      .contains("delete the queue"));
      assertThat(feed.status().connected()).isFalse();

      broker.channel().queueDelete(names.queue());

      await().until(() -> feed.status().connected());
    }
  }

  private long next() throws Exception {
    await().until(() -> broker.waiting(names.queue()) == 1);
    return broker.channel().basicGet(names.queue(), false).getEnvelope().getDeliveryTag();
  }

  private void declare(RabbitmqConfiguration configuration) throws Exception {
    new Topology(configuration).declare(broker.connection());
  }
}
