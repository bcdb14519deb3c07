package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.feed.ArrivalClock;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Inbox;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection's life of consuming, from its first delivery to whatever ends it. */
final class Session {

  private final Link link;
  private final Channel channel;
  private final String consumerTag;
  private final Inbox<RabbitmqDelivery> inbox;
  private final ArrivalClock clock;
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

  private final AtomicBoolean closing = new AtomicBoolean();

  /** The tags that the broker waits for; guarded by itself. */
  private final Set<Long> unacknowledged = new HashSet<>();

  private Session(Link link, String consumerTag, Inbox<RabbitmqDelivery> inbox, ArrivalClock clock)
      throws IOException {
    this.link = link;
    this.channel = link.connection().createChannel();
    this.consumerTag = consumerTag;
    this.inbox = inbox;
    this.clock = clock;
    channel.addShutdownListener(ended::complete);
  }

  /** Starts to consume over the link; the session then owns it. */
  static Session consume(
      Link link, RabbitmqConfiguration names, Inbox<RabbitmqDelivery> inbox, ArrivalClock clock)
      throws IOException {
    var session = new Session(link, names.consumerTag(), inbox, clock);
    session.channel.basicQos(names.prefetch());
    session.channel.basicConsume(
        names.queue(), false, names.consumerTag(), session.new Receiver(session.channel));
    return session;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Whether the broker still waits for this message's fate. */
  boolean isOpen(long tag) {
    synchronized (unacknowledged) {
      return isOpen() && unacknowledged.contains(tag);
    }
  }

  /** Waits until the session is over, and answers why. */
  Throwable awaitEnd() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      return e;
    }
  }

  /**
   * Acknowledges what is not acknowledged yet. A lost connection makes it do nothing: the broker
   * delivers again.
   */
  void acknowledge(Collection<Long> tags) {
    synchronized (unacknowledged) {
      try {
        for (Long tag : tags) {
          // One frame each takes 6 microseconds; "multiple" would also confirm what is still open.
          if (unacknowledged.remove(tag)) {
            channel.basicAck(tag, false);
          }
        }
      } catch (IOException | AlreadyClosedException e) {
        ended.complete(e);
      }
    }
  }

  /** Leaves it to the broker to put the message where its queue's dead letters go. */
  void reject(long tag) {
    synchronized (unacknowledged) {
      try {
        if (unacknowledged.remove(tag)) {
          channel.basicReject(tag, false);
        }
      } catch (IOException | AlreadyClosedException e) {
        ended.complete(e);
      }
    }
  }

  /** No further deliveries; what was delivered can still be acknowledged. */
  void cancel() {
    try {
      channel.basicCancel(consumerTag);
    } catch (IOException | AlreadyClosedException e) {
      ended.complete(e);
    }
  }

  /** Gives everything unacknowledged back to the broker. */
  void close(Duration patience) {
    if (!closing.getAndSet(true)) {
      ended.complete(new IOException("closed by Freshet"));
      link.close(patience);
    }
  }

  private final class Receiver extends DefaultConsumer {

    Receiver(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, BasicProperties properties, byte[] body) {
      var message =
          new ChangeMessage(envelope.getRoutingKey(), Headers.text(properties.getHeaders()), body);
      synchronized (unacknowledged) {
        unacknowledged.add(envelope.getDeliveryTag());
      }
      inbox.add(new RabbitmqDelivery(Session.this, envelope, properties, message, clock.next()));
    }

    @Override
    public void handleCancel(String tag) {
      ended.complete(new IOException("the broker cancelled the consumer: its queue was deleted"));
    }

    @Override
    public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
      ended.complete(signal);
    }
  }
}
