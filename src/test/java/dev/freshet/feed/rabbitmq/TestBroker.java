package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.freshet.support.Services;
import dev.freshet.support.TcpProxy;
import io.micronaut.rabbitmq.connect.SingleRabbitConnectionFactoryConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The real broker with names of this test's own, which it deletes afterwards. */
final class TestBroker implements AutoCloseable {

  static final String KEY = "public.products";

  private final String suffix = "." + UUID.randomUUID();
  private final Connection connection;
  private final Channel channel;

  TestBroker() throws Exception {
    this(settings());
  }

  /** On another broker, or as another user. */
  TestBroker(SingleRabbitConnectionFactoryConfig settings) throws Exception {
    connection = settings.newConnection("freshet-test");
    channel = connection.createChannel();
  }

  static SingleRabbitConnectionFactoryConfig settings() throws Exception {
    return settings(Services.rabbitmqUrl());
  }

  static SingleRabbitConnectionFactoryConfig settings(String url) throws Exception {
    var settings = new SingleRabbitConnectionFactoryConfig();
    settings.setUri(url);
    if (settings.getVirtualHost().isEmpty()) {
      settings.setVirtualHost(ConnectionFactory.DEFAULT_VHOST);
    }
    return settings;
  }

  /** The way to the broker through a network that the test can break. */
  static SingleRabbitConnectionFactoryConfig settings(TcpProxy proxy) throws Exception {
    SingleRabbitConnectionFactoryConfig settings = settings();
    settings.setHost(proxy.host());
    settings.setPort(proxy.port());
    return settings;
  }

  static TcpProxy proxy() throws Exception {
    SingleRabbitConnectionFactoryConfig settings = settings();
    return new TcpProxy(settings.getHost(), settings.getPort());
  }

  RabbitmqConfiguration configuration() {
    return configuration(500, "public.products.#");
  }

  RabbitmqConfiguration configuration(int prefetch, String... routingKeys) {
    return configuration(prefetch, 32 * 1024 * 1024, routingKeys);
  }

  RabbitmqConfiguration configuration(int prefetch, long prefetchBytes, String... routingKeys) {
    return new RabbitmqConfiguration(
        "db.events" + suffix,
        "llama.index.queue" + suffix,
        List.of(routingKeys),
        "db.events.dlx" + suffix,
        "",
        "llama-indexer-consumer",
        prefetch,
        prefetchBytes,
        100,
        Duration.ofSeconds(3),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        true,
        TopologyMode.DECLARE,
        null,
        Map.of());
  }

  RabbitmqConfiguration configuration(
      TopologyMode topology, @Nullable QueueType type, Map<String, Object> arguments) {
    return configuration(configuration().timeout(), topology, type, arguments);
  }

  RabbitmqConfiguration configuration(Duration timeout) {
    return configuration(timeout, TopologyMode.DECLARE, null, Map.of());
  }

  private RabbitmqConfiguration configuration(
      Duration timeout,
      TopologyMode topology,
      @Nullable QueueType type,
      Map<String, Object> arguments) {
    RabbitmqConfiguration plain = configuration();
    return new RabbitmqConfiguration(
        plain.exchange(),
        plain.queue(),
        plain.routingKeys(),
        plain.deadLetterExchange(),
        plain.deadLetterQueue(),
        plain.consumerTag(),
        plain.prefetch(),
        plain.prefetchBytes(),
        plain.unroutedMaxLength(),
        timeout,
        plain.retryDelay(),
        plain.maxRetryDelay(),
        plain.verifyCertificate(),
        topology,
        type,
        arguments);
  }

  RabbitmqFeed feed() throws Exception {
    return new RabbitmqFeed(settings(), configuration(), Clock.systemUTC());
  }

  RabbitmqFeed feed(RabbitmqConfiguration configuration) throws Exception {
    return new RabbitmqFeed(settings(), configuration, Clock.systemUTC());
  }

  RabbitmqFeed feed(TcpProxy proxy) throws Exception {
    return new RabbitmqFeed(settings(proxy), configuration(), Clock.systemUTC());
  }

  Channel channel() {
    return channel;
  }

  Connection connection() {
    return connection;
  }

  /** A channel that a refusal may close. */
  Channel newChannel() throws IOException {
    return connection.createChannel();
  }

  void send(String routingKey, String... bodies) throws IOException {
    send(routingKey, Map.of(), bodies);
  }

  void send(String routingKey, Map<String, Object> headers, String... bodies) throws IOException {
    var properties = new BasicProperties.Builder().headers(headers).deliveryMode(2).build();
    for (String body : bodies) {
      channel.basicPublish(
          configuration().exchange(),
          routingKey,
          properties,
          body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** How many messages wait in the queue, those not counted that a consumer holds. */
  long waiting(String queue) throws IOException {
    return channel.messageCount(queue);
  }

  /** Takes what is in the queue out of it. */
  List<GetResponse> drain(String queue) throws IOException {
    List<GetResponse> found = new ArrayList<>();
    for (GetResponse next = channel.basicGet(queue, true);
        next != null;
        next = channel.basicGet(queue, true)) {
      found.add(next);
    }
    return found;
  }

  static String body(GetResponse message) {
    return new String(message.getBody(), StandardCharsets.UTF_8);
  }

  /** The exchange as another application would have made it: without an alternate exchange. */
  void declarePlainExchange() throws IOException {
    channel.exchangeDeclare(configuration().exchange(), BuiltinExchangeType.TOPIC, true);
  }

  @Override
  public void close() throws IOException, TimeoutException {
    RabbitmqConfiguration names = configuration();
    String watch = names.deadLetterQueue() + ".watch";
    for (String queue : List.of(names.queue(), names.deadLetterQueue(), names.unrouted(), watch)) {
      channel.queueDelete(queue);
    }
    for (String exchange :
        List.of(names.exchange(), names.deadLetterExchange(), names.unrouted(), watch)) {
      channel.exchangeDelete(exchange);
    }
    connection.close();
  }
}
