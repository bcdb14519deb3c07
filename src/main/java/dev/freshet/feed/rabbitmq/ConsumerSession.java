package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** One connection's life of consuming, from its first delivery to whatever ends it. */
final class ConsumerSession {

  private static final int LOOKS = 4;
  private static final int MILLIS_BETWEEN_LOOKS = 50;

  private final Link link;
  private final Layout layout;
  private final Channel channel;
  private final Inbox<RabbitmqDelivery> inbox;
  private final ArrivalClock clock;
  private final Capacity capacity;
  private final PrefetchWindow prefetch;
  private final QueueConsumer consumption;
  private final Conservation conservation;
  private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

  private final AtomicBoolean closing = new AtomicBoolean();

  /** Opens a channel over the link, which the session then owns; nothing is consumed yet. */
  ConsumerSession(
      Link link,
      Layout layout,
      RabbitmqConfiguration names,
      Inbox<RabbitmqDelivery> inbox,
      ArrivalClock clock,
      PrefetchWindow prefetch,
      Conservation conservation,
      SoleConsumer sole)
      throws IOException {
    this.link = link;
    this.layout = layout;
    this.channel = link.connection().createChannel();
    this.inbox = inbox;
    this.clock = clock;
    this.capacity = new Capacity(names.prefetchBytes());
    this.prefetch = prefetch;
    this.conservation = conservation;
    this.consumption =
        new QueueConsumer(
            channel,
            names,
            new Receiver(channel),
            capacity,
            prefetch,
            conservation,
            sole,
            clock::next);
    channel.addShutdownListener(ended::complete);
  }

  /** Starts to consume, unless it does already. */
  void consume() throws IOException {
    consumption.resume();
  }

  /**
   * Consumes or not, as it is wanted now; what nobody has taken then goes back to the queue. A
   * fault ends the session: the next one does as wanted.
   */
  synchronized void follow(BooleanSupplier wanted) {
    try {
      if (wanted.getAsBoolean()) {
        consumption.resume();
      } else if (consumption.suspend()) {
        List<Long> untaken = new ArrayList<>();
        inbox.removeIf(delivery -> delivery.session() == this && untaken.add(delivery.tag()));
        giveBack(untaken);
        consumption.awaitGivenBack();
      }
    } catch (IOException | ShutdownSignalException e) {
      ended.complete(e);
    }
  }

  Layout layout() {
    return layout;
  }

  /**
   * Cancels the consumer, where what is given back would come nearer to its delivery limit: what
   * has come can then be taken and settled.
   *
   * @return whether it did consume
   */
  synchronized boolean drain() {
    try {
      return layout.countsDeliveries() && consumption.drain();
    } catch (IOException | ShutdownSignalException e) {
      ended.complete(e);
      return false;
    }
  }

  int held() {
    return capacity.count();
  }

  /**
   * Since when nothing older can come any more; empty while another consumer, or the queue, holds
   * messages that come again.
   */
  Optional<Instant> aloneSince() {
    return capacity.isReturning() ? Optional.empty() : consumption.aloneSince();
  }

  /**
   * Counts what waits, and looks who consumes; a queue that is missing is only found by a channel
   * that it closes.
   */
  Optional<Backlog> backlog(String queue, String deadLetterQueue) {
    try (Channel asking = link.connection().createChannel()) {
      look();
      // A quorum queue counts what comes back only a moment later.
      long waiting = Math.max(asking.messageCount(queue), capacity.returning());
      return Optional.of(
          new Backlog(
              waiting, layout.deadLetterQueue() ? asking.messageCount(deadLetterQueue) : 0));
    } catch (QueueInUseException e) {
      ended.complete(e);
      return Optional.empty();
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      return Optional.empty();
    }
  }

  /** What is missing may be in somebody's hand for a moment. */
  private void look() throws IOException {
    try {
      for (int look = 1; consumption.lookWhetherAlone(look == LOOKS); look++) {
        TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Whether the broker still waits for this message's fate. */
  boolean isOpen(long tag) {
    return isOpen() && capacity.holds(tag);
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
    settle(
        () -> {
          for (Long tag : tags) {
            // A frame takes 6 microseconds; "multiple" would also confirm what is still open.
            if (release(tag)) {
              channel.basicAck(tag, false);
            }
          }
        });
  }

  /** Puts messages back into the queue, where they came from. */
  void giveBack(Collection<Long> tags) {
    settle(
        () -> {
          for (Long tag : tags) {
            if (capacity.giveBack(tag)) {
              conservation.givenBack(1);
              channel.basicNack(tag, false, true);
            }
          }
        });
  }

  /** Leaves it to the broker to put the message where its queue's dead letters go. */
  void reject(long tag) {
    settle(
        () -> {
          if (release(tag)) {
            channel.basicReject(tag, false);
          }
        });
  }

  private boolean release(long tag) {
    Optional<Integer> size = capacity.release(tag);
    size.ifPresent(prefetch::acknowledged);
    return size.isPresent();
  }

  private void settle(Settlement settlement) {
    try {
      settlement.run();
      consumption.adjust();
    } catch (IOException | ShutdownSignalException e) {
      ended.complete(e);
    }
  }

  /** Writes to the broker. */
  @FunctionalInterface
  private interface Settlement {
    void run() throws IOException;
  }

  /** No further deliveries; what was delivered can still be acknowledged. */
  void cancel() {
    try {
      consumption.stop();
    } catch (IOException | ShutdownSignalException e) {
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
      conservation.delivered();
      if (envelope.isRedeliver()) {
        returned();
      }
      var message =
          new ChangeMessage(envelope.getRoutingKey(), Headers.text(properties.getHeaders()), body);
      if (!capacity.admit(envelope.getDeliveryTag(), message.size())) {
        return;
      }
      Instant receivedAt = DeadLetterProperties.receivedAt(message.headers(), clock.next());
      inbox.add(
          new RabbitmqDelivery(ConsumerSession.this, envelope, properties, message, receivedAt));
    }

    private void returned() {
      if (!capacity.isReturning()) {
        conservation.cameBack();
      } else if (capacity.returned()) {
        consumption.allHasReturned();
      }
    }

    @Override
    public void handleCancel(String tag) {
      conservation.queueDeleted(clock.next());
      ended.complete(new QueueDeletedException());
    }

    @Override
    public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
      ended.complete(signal);
    }
  }
}
