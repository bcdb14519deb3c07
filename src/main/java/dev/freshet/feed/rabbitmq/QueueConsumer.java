package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel's consumer. It is cancelled when more came than there is room for, and begins again
 * with a smaller prefetch once there is: a consumer's prefetch cannot be changed while it lives.
 */
final class QueueConsumer {

  private static final Logger log = LoggerFactory.getLogger(QueueConsumer.class);

  private static final Duration MOMENT = Duration.ofMillis(800);

  private static final Duration WITHOUT_HEARTBEAT = Duration.ofMinutes(5);

  private final Channel channel;
  private final RabbitmqConfiguration names;
  private final Consumer receiver;
  private final Capacity capacity;
  private final PrefetchWindow prefetch;
  private final Conservation conservation;
  private final SoleConsumer sole;
  private final Supplier<Instant> clock;
  private final AtomicReference<Optional<Instant>> aloneSince =
      new AtomicReference<>(Optional.empty());
  private @Nullable Instant emptySince;
  private boolean consuming;
  private boolean suspended = true;
  private boolean draining;
  private boolean stopped;

  QueueConsumer(
      Channel channel,
      RabbitmqConfiguration names,
      Consumer receiver,
      Capacity capacity,
      PrefetchWindow prefetch,
      Conservation conservation,
      SoleConsumer sole,
      Supplier<Instant> clock) {
    this.channel = channel;
    this.names = names;
    this.receiver = receiver;
    this.capacity = capacity;
    this.prefetch = prefetch;
    this.conservation = conservation;
    conservation.restart();
    this.sole = sole;
    this.clock = clock;
  }

  /** Since when no other consumer can hold messages of the queue; empty while one can. */
  Optional<Instant> aloneSince() {
    return Objects.requireNonNull(aloneSince.get());
  }

  /**
   * Asks the broker; a consumer whose connection has broken counts until the broker notices. On
   * this channel the answer comes after the messages that were sent before it.
   *
   * @param sure whether messages that are missing are believed to be
   * @return whether some are missing, so that it is worth to look again
   * @throws QueueInUseException when another one consumes for long, and only one may
   */
  synchronized boolean lookWhetherAlone(boolean sure) throws IOException {
    Conservation.Cut cut = conservation.cut();
    var queue = channel.queueDeclarePassive(names.queue());
    if (consuming) {
      sole.look(queue.getConsumerCount() - 1, clock.get(), ghosts());
    }
    if (queue.getConsumerCount() > (consuming ? 1 : 0)) {
      aloneSince.set(Optional.empty());
      conservation.restart();
      return false;
    }
    aloneSince.updateAndGet(since -> since.or(() -> Optional.of(clock.get())));
    if (queue.getMessageCount() > 0 || !capacity.isReturning()) {
      emptySince = null;
    } else if (emptySince == null) {
      // A quorum queue counts what comes back only a moment later.
      emptySince = clock.get();
    } else if (emptySince.plus(MOMENT).isBefore(clock.get())) {
      // What was given back has come, or another consumer has taken it.
      capacity.nothingReturns();
      allHasReturned();
    }
    return conservation.look(cut, queue.getMessageCount(), sure, clock.get());
  }

  /** How long the broker may count a consumer whose connection is gone: some heartbeats. */
  private Duration ghosts() {
    int heartbeat = channel.getConnection().getHeartbeat();
    return heartbeat == 0 ? WITHOUT_HEARTBEAT : Duration.ofSeconds(3L * heartbeat);
  }

  /**
   * What was given back has come again; what arrived before may have overtaken it. Called on the
   * connection's own thread too, so it must not wait for a lock that is held while the broker is
   * asked.
   */
  void allHasReturned() {
    aloneSince.updateAndGet(since -> since.map(earlier -> clock.get()));
  }

  /**
   * Consumes, unless it does already or is over.
   *
   * @throws QueueInUseException when another one does, and only one may
   */
  synchronized void resume() throws IOException {
    if (!stopped && (suspended || draining)) {
      long others = channel.consumerCount(names.queue());
      sole.requireNobody(others);
      suspended = false;
      draining = false;
      aloneSince.set(others == 0 ? Optional.of(Instant.MIN) : Optional.empty());
      capacity.open();
      start();
      if (sole.isRequired()) {
        sole.begin(channel.consumerCount(names.queue()) - 1);
      }
    }
  }

  /**
   * Consumes no more for now, and gives back what was on its way.
   *
   * @return whether it did consume
   */
  synchronized boolean suspend() throws IOException {
    if (stopped || suspended) {
      return false;
    }
    suspended = true;
    sole.end();
    capacity.close();
    cancel();
    giveBackRefused();
    return true;
  }

  /**
   * Consumes no more for now, and keeps what has come.
   *
   * @return whether it did consume
   */
  synchronized boolean drain() throws IOException {
    if (stopped || suspended) {
      return false;
    }
    draining = true;
    sole.end();
    cancel();
    return true;
  }

  private void start() throws IOException {
    channel.basicQos(prefetch.count());
    channel.basicConsume(names.queue(), false, names.consumerTag(), receiver);
    consuming = true;
  }

  /**
   * To be called after each acknowledgement, and never on the connection's own thread: it waits for
   * the broker's answers.
   */
  synchronized void adjust() throws IOException {
    if (stopped || suspended || draining) {
      return;
    }
    if (capacity.hasRefused()) {
      cancel();
      if (capacity.hasRoom()) {
        giveBack();
      }
    } else if (prefetch.widen()) {
      cancel();
      start();
    }
  }

  private void giveBack() throws IOException {
    int before = prefetch.count();
    prefetch.narrow(capacity.roomForRefused());
    if (prefetch.count() < before) {
      log.info(
          "Large messages: {} instead of {} are asked for in advance, to keep within"
              + " freshet.rabbitmq.prefetch-bytes",
          prefetch.count(),
          before);
    }
    giveBackRefused();
    start();
  }

  private void giveBackRefused() throws IOException {
    List<Long> refused = capacity.takeRefused();
    conservation.givenBack(refused.size());
    for (long tag : refused) {
      channel.basicNack(tag, false, true);
    }
  }

  /** What was under way has arrived when the broker confirms. */
  private void cancel() throws IOException {
    if (consuming) {
      channel.basicCancel(names.consumerTag());
      consuming = false;
    }
  }

  /** No further deliveries, for good. */
  synchronized void stop() throws IOException {
    stopped = true;
    cancel();
  }

  /** Returns once the queue has what was given back before. */
  void awaitGivenBack() throws IOException {
    channel.messageCount(names.queue());
  }
}
