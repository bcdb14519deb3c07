package dev.freshet.support;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.freshet.feed.ChangeMessage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** Names of a test's own on the real broker, and a publisher that stands for Debezium Server. */
public final class TestQueue implements AutoCloseable {

  private final String name = "it-" + UUID.randomUUID();
  private final Connection connection;
  private final Channel channel;

  private TestQueue(Connection connection) throws IOException {
    this.connection = connection;
    this.channel = connection.createChannel();
    channel.confirmSelect();
  }

  public static TestQueue open() throws IOException {
    try {
      var factory = new ConnectionFactory();
      factory.setUri(Services.rabbitmqUrl().replaceFirst("/$", ""));
      return new TestQueue(factory.newConnection("test"));
    } catch (URISyntaxException | GeneralSecurityException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What configures Freshet to consume this queue, whatever the routing key. */
  public Map<String, Object> properties() {
    return Map.of(
        "freshet.feed",
        "rabbitmq",
        "rabbitmq.uri",
        Services.rabbitmqUrl(),
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

  /** Publishes as Debezium Server does, and waits for the broker's confirmation. */
  public void publish(Iterable<ChangeMessage> messages) throws Exception {
    for (ChangeMessage message : messages) {
      var properties =
          new AMQP.BasicProperties.Builder()
              .deliveryMode(2)
              .headers(new HashMap<>(message.headers()))
              .build();
      channel.basicPublish(name, message.routingKey(), properties, message.body());
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  /** How many messages wait; those that a consumer holds do not count. */
  public long waiting() throws IOException {
    return channel.messageCount(name + ".queue");
  }

  public long deadLetters() throws IOException {
    return channel.messageCount(name + ".queue.dlq");
  }

  /** Takes one dead letter off its queue. */
  public GetResponse deadLetter() throws IOException {
    return channel.basicGet(name + ".queue.dlq", true);
  }

  @Override
  public void close() throws IOException {
    channel.queueDelete(name + ".queue");
    channel.queueDelete(name + ".queue.dlq");
    channel.exchangeDelete(name);
    channel.exchangeDelete(name + ".dlx");
    connection.close();
  }
}
