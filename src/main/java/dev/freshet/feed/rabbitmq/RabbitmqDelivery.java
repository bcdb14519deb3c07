package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import java.time.Instant;

/** A message from the queue. Its delivery tag means something to its own session only. */
record RabbitmqDelivery(
    ConsumerSession session,
    Envelope envelope,
    BasicProperties properties,
    ChangeMessage message,
    Instant receivedAt)
    implements Delivery {

  /** A queue is one. */
  @Override
  public Partition partition() {
    return Partition.ONLY;
  }

  @Override
  public boolean isRedelivered() {
    return envelope.isRedeliver();
  }

  @Override
  public boolean isLive() {
    return session.isOpen();
  }

  long tag() {
    return envelope.getDeliveryTag();
  }
}
