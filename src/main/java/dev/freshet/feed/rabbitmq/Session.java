package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.freshet.feed.ArrivalClock;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Inbox;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** One connection's life of consuming, from its first delivery to whatever ends it. */
final class Session {

  private final Link link;
  private final Channel channel;
  private final RabbitmqConfiguration names;
  private final Inbox<RabbitmqDelivery> inbox;
  private final ArrivalClock clock;
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

  private final AtomicBoolean closing = new AtomicBoolean();

  /** The tags that the broker waits for; guarded by itself. */
  private final Set<Long> unacknowledged = new HashSet<>();

  /** Whether deliveries go into the inbox; guarded by the tags. */
  private boolean admitting;

  private boolean consuming;

  private Session(
      Link link, RabbitmqConfiguration names, Inbox<RabbitmqDelivery> inbox, ArrivalClock clock)
      throws IOException {
    this.link = link;
    this.channel = link.connection().createChannel();
    this.names = names;
    this.inbox = inbox;
    this.clock = clock;
    channel.addShutdownListener(ended::complete);
  }

  /** Opens a channel over the link, which the session then owns; nothing is consumed yet. */
  static Session open(
      Link link, RabbitmqConfiguration names, Inbox<RabbitmqDelivery> inbox, ArrivalClock clock)
      throws IOException {
    var session = new Session(link, names, inbox, clock);
    session.channel.basicQos(names.prefetch());
    return session;
  }

  /** Starts to consume, unless it does already. */
  synchronized void consume() throws IOException {
    if (!consuming) {
      consuming = true;
      admit(true);
      channel.basicConsume(names.queue(), false, names.consumerTag(), new Receiver(channel));
    }
  }

  /** Cancels the consumer; what nobody has taken goes back to the queue. */
  private synchronized void suspend() throws IOException {
    if (consuming) {
      consuming = false;
      admit(false);
      channel.basicCancel(names.consumerTag());
      List<Long> untaken = new ArrayList<>();
      inbox.removeIf(delivery -> delivery.session() == this && untaken.add(delivery.tag()));
      giveBack(untaken);
    }
  }

  /**
   * Consumes or not, as it is wanted now. A fault ends the session: the next one does as wanted.
   */
  synchronized void follow(BooleanSupplier wanted) {
    try {
      if (wanted.getAsBoolean()) {
        consume();
      } else {
        suspend();
      }
    } catch (IOException | ShutdownSignalException e) {
      ended.complete(e);
    }
  }

  private void admit(boolean admitted) {
    synchronized (unacknowledged) {
      admitting = admitted;
    }
  }

  /** Counts what waits; a queue that is missing is only found by a channel that it closes. */
  Optional<Backlog> backlog(String queue, String deadLetterQueue) {
    try (Channel asking = link.connection().createChannel()) {
      return Optional.of(
          new Backlog(asking.messageCount(queue), asking.messageCount(deadLetterQueue)));
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      return Optional.empty();
    }
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

  /** Puts messages back into the queue, where they came from. */
  void giveBack(Collection<Long> tags) {
    synchronized (unacknowledged) {
      try {
        for (Long tag : tags) {
          if (unacknowledged.remove(tag)) {
            channel.basicNack(tag, false, true);
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
  synchronized void cancel() {
    if (!consuming) {
      return;
    }
    consuming = false;
    try {
      channel.basicCancel(names.consumerTag());
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
        if (admitting) {
          Instant receivedAt = DeadLetterProperties.receivedAt(message.headers(), clock.next());
          inbox.add(new RabbitmqDelivery(Session.this, envelope, properties, message, receivedAt));
        } else {
          // It was on its way when the consumer was cancelled.
          giveBack(List.of(envelope.getDeliveryTag()));
        }
      }
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
