package dev.freshet.feed.memory;

import dev.freshet.UnavailableException;
import dev.freshet.feed.ArrivalClock;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Inbox;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import io.micronaut.context.annotation.Requires;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

  private final int capacity;
  private final long capacityBytes;
  private final Room room;
  private final Inbox<MemoryDelivery> inbox = new Inbox<>();
  private final ArrivalClock clock;
  private final MemoryDeadLetters deadLetters;
  private volatile State state = State.NEW;
  private volatile boolean paused;

  MemoryFeed(MemoryFeedConfiguration configuration, MemoryDeadLetters deadLetters, Clock clock) {
    this.capacity = configuration.capacity();
    this.deadLetters = deadLetters;
    this.capacityBytes = configuration.capacityBytes();
    this.room = new Room(capacity, capacityBytes);
    this.clock = new ArrivalClock(clock);
  }

  @Override
  public synchronized void start() {
    if (state == State.NEW) {
      state = State.RECEIVING;
    }
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    return List.copyOf(inbox.take(limit, patience));
  }

  /** What was not taken stays where it is. */
  @Override
  public void pause() {
    paused = true;
    inbox.suspend();
  }

  @Override
  public void resume() {
    paused = false;
    inbox.resume();
  }

  /** A new delivery stands for the message: the one that was taken is settled. */
  @Override
  public void giveBack(List<? extends Delivery> deliveries) {
    List<MemoryDelivery> open = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      if (delivery instanceof MemoryDelivery taken && taken.settle()) {
        open.add(new MemoryDelivery(taken.message(), taken.receivedAt()));
      }
    }
    open.sort(Comparator.comparing(MemoryDelivery::receivedAt));
    inbox.putBack(open);
  }

  @Override
  public int window() {
    return capacity;
  }

  @Override
  public long windowBytes() {
    return capacityBytes;
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {
    deliveries.forEach(this::settle);
  }

  private boolean settle(Delivery delivery) {
    boolean first = delivery instanceof MemoryDelivery taken && taken.settle();
    if (first) {
      room.release(size(delivery.message()));
    }
    return first;
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    if (!(delivery instanceof MemoryDelivery taken) || !settle(taken)) {
      return false;
    }
    deadLetters.add(taken, rejection);
    return true;
  }

  @Override
  public synchronized void publish(ChangeMessage message) {
    if (state == State.STOPPED || state == State.CLOSED) {
      throw new UnavailableException("the feed is closed");
    }
    if (!room.tryTake(size(message))) {
      throw new UnavailableException("the feed is full, try again");
    }
    // One lock around both, so that the order of arrival is that of the queue.
    inbox.add(new MemoryDelivery(message, clock.next()));
  }

  private static int size(ChangeMessage message) {
    return message.size();
  }

  /** What was published before is still taken: nobody would deliver it again. */
  @Override
  public synchronized void stopReceiving() {
    state = State.STOPPED;
    inbox.end();
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
    return Math.max(0, room.count() - inbox.size());
  }

  @Override
  public Optional<Backlog> backlog() {
    return Optional.of(new Backlog(inbox.size(), deadLetters.count()));
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    state = State.CLOSED;
    inbox.close();
  }
}
