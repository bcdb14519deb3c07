package dev.freshet.support;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.feed.ChangeMessage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** Names of a test's own on the real broker, and a publisher that stands for Debezium Server. */
public final class TestQueue implements AutoCloseable {

  private final String name = "it-" + UUID.randomUUID();
  private final String url;
  private Connection connection;
  private Channel channel;

  private TestQueue(String url) throws IOException {
    this.url = url;
    connection = connect(url);
    channel = confirming(connection);
  }

  public static TestQueue open() throws IOException {
    return open(Services.rabbitmqUrl());
  }

  /** On the broker of this URL, which the test may kill: what is asked afterwards connects anew. */
  public static TestQueue open(String url) throws IOException {
    return new TestQueue(url);
  }

  private static Connection connect(String url) throws IOException {
    try {
      var factory = new ConnectionFactory();
      factory.setUri(url.replaceFirst("/$", ""));
      factory.setAutomaticRecoveryEnabled(false);
      return factory.newConnection("test");
    } catch (URISyntaxException | GeneralSecurityException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Channel confirming(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    return channel;
  }

  private Channel channel() throws IOException {
    if (!channel.isOpen()) {
      connection.abort();
      connection = connect(url);
      channel = confirming(connection);
    }
    return channel;
  }

  public String url() {
    return url;
  }

  public String exchange() {
    return name;
  }

  public String queue() {
    return name + ".queue";
  }

  /** What configures Freshet to consume this queue, whatever the routing key. */
  public Map<String, Object> properties() {
    return Map.of(
        "freshet.feed",
        "rabbitmq",
        "rabbitmq.uri",
        url,
        "freshet.rabbitmq.exchange",
        name,
        "freshet.rabbitmq.queue",
        name + ".queue",
        "freshet.rabbitmq.routing-keys",
        "#",
        "freshet.rabbitmq.dead-letter-exchange",
        name + ".dlx",
        "freshet.rabbitmq.unrouted-max-length",
        0);
  }

  /** The same as environment variables. */
  public Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    properties()
        .forEach(
            (key, value) ->
                environment.put(
                    key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value.toString()));
    environment.put("RABBITMQ_URL", url);
    return environment;
  }

  /** Declares the exchange and the queue without Freshet, and binds every routing key. */
  public void declare() throws IOException {
    channel().exchangeDeclare(name, "topic", true);
    channel().queueDeclare(queue(), true, false, false, Map.of());
    channel().queueBind(queue(), name, "#");
  }

  /** Takes one message off the queue; null when none waits. */
  public GetResponse take() throws IOException {
    return channel().basicGet(queue(), true);
  }

  /** Publishes as Debezium Server does, and waits for the broker's confirmation. */
  public void publish(Iterable<ChangeMessage> messages) throws Exception {
    for (ChangeMessage message : messages) {
      var properties =
          new AMQP.BasicProperties.Builder()
              .deliveryMode(2)
              .headers(new HashMap<>(message.headers()))
              .build();
      channel().basicPublish(name, message.routingKey(), properties, message.body());
    }
    channel().waitForConfirmsOrDie(10_000);
  }

  /** Publishes one with properties of the test's own. */
  public void publish(ChangeMessage message, AMQP.BasicProperties properties) throws Exception {
    channel().basicPublish(name, message.routingKey(), properties, message.body());
    channel().waitForConfirmsOrDie(10_000);
  }

  /** Publishes the same message many times to the dead-letter exchange. */
  public void publishDeadLetters(int count, Map<String, Object> headers, byte[] body)
      throws Exception {
    var properties = new AMQP.BasicProperties.Builder().deliveryMode(2).headers(headers).build();
    for (int i = 0; i < count; i++) {
      channel().basicPublish(name + ".dlx", "#", properties, body);
    }
    channel().waitForConfirmsOrDie(60_000);
  }

  /** Takes away what waits, as an operator may. */
  public void purge() throws IOException {
    channel().queuePurge(queue());
  }

  /** How many messages wait; those that a consumer holds do not count. */
  public long waiting() throws IOException {
    return channel().messageCount(name + ".queue");
  }

  /** None where nobody has declared the queue yet. */
  public long consumers() throws IOException {
    try {
      return channel().consumerCount(name + ".queue");
    } catch (IOException e) {
      if (e.getCause() instanceof ShutdownSignalException refused
          && refused.getReason() instanceof AMQP.Channel.Close close
          && close.getReplyCode() == AMQP.NOT_FOUND) {
        return 0;
      }
      throw e;
    }
  }

  public long deadLetters() throws IOException {
    return channel().messageCount(name + ".queue.dlq");
  }

  /** Takes all dead letters off their queue, and answers why they are there. */
  public List<String> deadLetterReasons() throws IOException {
    var reasons = new ArrayList<String>();
    for (GetResponse letter = deadLetter(); letter != null; letter = deadLetter()) {
      reasons.add(letter.getProps().getHeaders().toString());
    }
    return reasons;
  }

  /** Takes one dead letter off its queue. */
  public GetResponse deadLetter() throws IOException {
    return channel().basicGet(name + ".queue.dlq", true);
  }

  @Override
  public void close() throws IOException {
    Channel last = channel();
    last.queueDelete(name + ".queue");
    last.queueDelete(name + ".queue.dlq");
    last.queueDelete(name + ".queue.dlq.watch");
    last.exchangeDelete(name + ".queue.dlq.watch");
    last.exchangeDelete(name);
    last.exchangeDelete(name + ".dlx");
    connection.close();
  }
}
