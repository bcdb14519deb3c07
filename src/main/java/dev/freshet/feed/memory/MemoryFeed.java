package dev.freshet.feed.memory;

import dev.freshet.UnavailableException;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A bounded feed inside the process. Messages and dead letters are lost with the process: it is for
 * trying Freshet out, for tests, and where the application sends its own changes.
 */
@Singleton
@Requires(property = "freshet.feed", value = "memory")
public final class MemoryFeed implements ChangeFeed, ChangePublisher {

  private enum State {
    NEW,
    RECEIVING,
    STOPPED,
    CLOSED
  }

  private final DeliveryBuffer buffer;
  private final MemoryDeadLetters deadLetters;
  private volatile State state = State.NEW;
  private volatile boolean paused;

  MemoryFeed(MemoryFeedConfiguration configuration, MemoryDeadLetters deadLetters, Clock clock) {
    this.buffer =
        new DeliveryBuffer(configuration.capacity(), configuration.capacityBytes(), clock);
    this.deadLetters = deadLetters;
  }

  @Override
  public synchronized void start() {
    if (state == State.NEW) {
      state = State.RECEIVING;
    }
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    return buffer.take(limit, patience);
  }

  /** What was not taken stays where it is. */
  @Override
  public void pause() {
    paused = true;
    buffer.suspend();
  }

  @Override
  public void resume() {
    paused = false;
    buffer.resume();
  }

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {
    buffer.giveBack(deliveries);
  }

  @Override
  public int window() {
    return buffer.capacity();
  }

  @Override
  public long windowBytes() {
    return buffer.capacityBytes();
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {
    deliveries.forEach(buffer::settle);
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    boolean first = buffer.settle(delivery);
    if (first) {
      deadLetters.add(delivery, rejection);
    }
    return first;
  }

  @Override
  public synchronized void publish(ChangeMessage message) {
    if (state == State.STOPPED || state == State.CLOSED) {
      throw new UnavailableException("the feed is closed");
    }
    if (!buffer.offer(message)) {
      throw new UnavailableException("the feed is full, try again");
    }
  }

  /** What was published before is still taken: nobody would deliver it again. */
  @Override
  public synchronized void stopReceiving() {
    state = State.STOPPED;
    buffer.end();
  }

  @Override
  public FeedStatus status() {
    return switch (state) {
      case NEW -> new FeedStatus(false, "the feed in memory is not started");
      case RECEIVING ->
          new FeedStatus(
              true, paused ? "the feed is in memory and paused" : "the feed is in memory");
      case STOPPED -> new FeedStatus(false, "the feed in memory has stopped receiving");
      case CLOSED -> new FeedStatus(false, "the feed in memory is closed");
    };
  }

  /** Nobody else takes from this process. */
  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return Optional.of(Instant.MIN);
  }

  @Override
  public int held() {
    return buffer.held();
  }

  @Override
  public Optional<Backlog> backlog() {
    return Optional.of(new Backlog(buffer.waiting(), deadLetters.count()));
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    state = State.CLOSED;
    buffer.close();
  }
}
