package dev.freshet.support;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Publishes as Debezium Server's sink for RabbitMQ does: in order, the topic as the routing key, no
 * key, {@code default} for a tombstone; a batch is done when the broker has confirmed all of it.
 */
final class RabbitmqSink implements ChangeConsumer<ChangeEvent<String, String>>, AutoCloseable {

  private static final String TOMBSTONE = "default";
  private static final long CONFIRMATION_MILLIS = 30_000;

  private final String exchange;
  private final Connection connection;
  private final Channel channel;

  RabbitmqSink(String url, String exchange) throws Exception {
    this.exchange = exchange;
    var factory = new ConnectionFactory();
    factory.setUri(url.replaceFirst("/$", ""));
    factory.setAutomaticRecoveryEnabled(false);
    this.connection = factory.newConnection("capture");
    this.channel = connection.createChannel();
    channel.confirmSelect();
  }

  @Override
  public void handleBatch(
      List<ChangeEvent<String, String>> events,
      RecordCommitter<ChangeEvent<String, String>> committer)
      throws InterruptedException {
    try {
      for (ChangeEvent<String, String> event : events) {
        publish(event);
      }
      channel.waitForConfirmsOrDie(CONFIRMATION_MILLIS);
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException("RabbitMQ did not take the changes", e);
    }
    for (ChangeEvent<String, String> event : events) {
      committer.markProcessed(event);
    }
    committer.markBatchFinished();
  }

  private void publish(ChangeEvent<String, String> event) throws IOException {
    var headers = new HashMap<String, Object>();
    for (Header<Object> header : event.<Object>headers()) {
      headers.put(header.getKey(), header.getValue());
    }
    var properties = new AMQP.BasicProperties.Builder().deliveryMode(2).headers(headers).build();
    String body = event.value() == null ? TOMBSTONE : event.value();
    channel.basicPublish(
        exchange, event.destination(), properties, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    connection.abort();
  }
}
