package dev.freshet.feed.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.memory.MemoryFeed;
import dev.freshet.support.TcpProxy;
import io.micronaut.context.ApplicationContext;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RabbitmqWiringIT {

  /** The module's own health indicator would open a connection that no one supervises. */
  private static final Map<String, Object> NO_SECOND_CONNECTION =
      Map.of("endpoints.health.rabbitmq.enabled", false);

  @Test
  void onlyAStartedFeedConnects() throws Exception {
    try (var broker = new TestBroker();
        TcpProxy proxy = TestBroker.proxy()) {
      ApplicationContext context = context(properties(proxy, broker.configuration()));
      ChangeFeed feed = context.getBean(ChangeFeed.class);
      assertThat(feed).isInstanceOf(RabbitmqFeed.class);
      assertThat(feed.status().connected()).isFalse();
      assertThat(proxy.accepted()).isZero();

      feed.start();

      await().until(() -> feed.status().connected());
      assertThat(proxy.accepted()).isEqualTo(1);
      context.close();
      assertThat(feed.status().description()).isEqualTo("closed");
    }
  }

  @Test
  void theApplicationStartsWhileTheBrokerIsUnknown() {
    try (ApplicationContext context =
        context(Map.of("rabbitmq.uri", "amqp://guest:guest@no-such-host.invalid:5672/"))) {
      ChangeFeed feed = context.getBean(ChangeFeed.class);

      feed.start();

      await().until(() -> feed.status().description().contains("the host is unknown"));
    }
  }

  @Test
  void theDefaultsAreThoseOfTheContract() {
    try (ApplicationContext context = context(Map.of())) {
      assertThat(context.getBean(RabbitmqConfiguration.class))
          .isEqualTo(
              new RabbitmqConfiguration(
                  "db.events",
                  "llama.index.queue",
                  List.of("public.products.#"),
                  "db.events.dlx",
                  "llama.index.queue.dlq",
                  "llama-indexer-consumer",
                  500,
                  32 * 1024 * 1024,
                  10_000,
                  Duration.ofSeconds(10),
                  Duration.ofMillis(500),
                  Duration.ofSeconds(30),
                  true,
                  TopologyMode.DECLARE,
                  null,
                  Map.of()));
    }
  }

  @Test
  void everyKeyIsRead() {
    Map<String, Object> keys =
        Map.ofEntries(
            Map.entry("exchange", "e"),
            Map.entry("queue", "q"),
            Map.entry("routing-keys", List.of("a.#", "b.#")),
            Map.entry("dead-letter-exchange", "x"),
            Map.entry("dead-letter-queue", "d"),
            Map.entry("consumer-tag", "t"),
            Map.entry("prefetch", 7),
            Map.entry("prefetch-bytes", "5KB"),
            Map.entry("unrouted-max-length", 0),
            Map.entry("timeout", "3s"),
            Map.entry("retry-delay", "1s"),
            Map.entry("max-retry-delay", "2s"),
            Map.entry("verify-certificate", false),
            Map.entry("topology", "check"),
            Map.entry("queue-type", "quorum"),
            Map.entry("queue-arguments.x-max-length", "1000"),
            Map.entry("queue-arguments.x-overflow", "reject-publish"));
    Map<String, Object> properties = new HashMap<>();
    keys.forEach((key, value) -> properties.put("freshet.rabbitmq." + key, value));

    try (ApplicationContext context = context(properties)) {
      assertThat(context.getBean(RabbitmqConfiguration.class))
          .isEqualTo(
              new RabbitmqConfiguration(
                  "e",
                  "q",
                  List.of("a.#", "b.#"),
                  "x",
                  "d",
                  "t",
                  7,
                  5 * 1024,
                  0,
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(2),
                  false,
                  TopologyMode.CHECK,
                  QueueType.QUORUM,
                  Map.of("x-max-length", 1_000L, "x-overflow", "reject-publish")));
    }
  }

  @Test
  void aBadValueIsRefusedByName() {
    assertThatThrownBy(() -> context(Map.of("freshet.rabbitmq.prefetch", 0)).close())
        .hasMessageContaining("freshet.rabbitmq.prefetch is not between 1 and 65535");
  }

  @Test
  void anArgumentThatHasAKeyOfItsOwnIsRefused() {
    assertThatThrownBy(
            () ->
                context(Map.of("freshet.rabbitmq.queue-arguments.x-queue-type", "quorum")).close())
        .hasMessageContaining("use freshet.rabbitmq.queue-type");
  }

  @Test
  void aTopologyThatDoesNotExistIsRefusedByName() {
    assertThatThrownBy(() -> context(Map.of("freshet.rabbitmq.topology", "passive")).close())
        .hasMessageContaining("freshet.rabbitmq.topology is 'passive': use declare, check or none");
  }

  @Test
  void theFeedInMemoryTakesItsPlace() {
    try (ApplicationContext context = context(Map.of("freshet.feed", "memory"))) {
      ChangeFeed feed = context.getBean(ChangeFeed.class);
      assertThat(feed).isInstanceOf(MemoryFeed.class);
      assertThat(context.containsBean(RabbitmqFeed.class)).isFalse();
    }
  }

  private static Map<String, Object> properties(TcpProxy proxy, RabbitmqConfiguration names)
      throws Exception {
    var settings = TestBroker.settings();
    return Map.of(
        "rabbitmq.uri",
        "amqp://%s:%s@%s:%d/"
            .formatted(settings.getUsername(), settings.getPassword(), proxy.host(), proxy.port()),
        "freshet.rabbitmq.exchange",
        names.exchange(),
        "freshet.rabbitmq.queue",
        names.queue(),
        "freshet.rabbitmq.dead-letter-exchange",
        names.deadLetterExchange());
  }

  private static ApplicationContext context(Map<String, Object> properties) {
    return ApplicationContext.builder()
        .properties(properties)
        .properties(NO_SECOND_CONNECTION)
        .singletons(Clock.systemUTC())
        .start();
  }
}
