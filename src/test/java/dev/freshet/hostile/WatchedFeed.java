package dev.freshet.hostile;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import dev.freshet.feed.UnroutableException;
import dev.freshet.feed.memory.MemoryFeed;
import dev.freshet.feed.memory.MemoryFeeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The feed in memory, which tells what became of each message. */
final class WatchedFeed implements ChangeFeed, ChangePublisher {

  private final MemoryFeed feed;
  private final List<GivenUp> deadLetters = new ArrayList<>();
  private int acknowledged;

  WatchedFeed(int capacity) {
    this.feed = MemoryFeeds.open(capacity);
  }

  synchronized int acknowledged() {
    return acknowledged;
  }

  synchronized List<GivenUp> deadLetters() {
    return List.copyOf(deadLetters);
  }

  synchronized int settled() {
    return acknowledged + deadLetters.size();
  }

  synchronized void forget() {
    acknowledged = 0;
    deadLetters.clear();
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {
    feed.acknowledge(deliveries);
    synchronized (this) {
      acknowledged += deliveries.size();
    }
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    boolean putAway = feed.deadLetter(delivery, rejection);
    synchronized (this) {
      deadLetters.add(new GivenUp(delivery.message(), rejection));
    }
    return putAway;
  }

  @Override
  public void publish(ChangeMessage message) throws UnroutableException {
    feed.publish(message);
  }

  @Override
  public void start() {
    feed.start();
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    return feed.take(limit, patience);
  }

  @Override
  public int window() {
    return feed.window();
  }

  @Override
  public long windowBytes() {
    return feed.windowBytes();
  }

  @Override
  public void stopReceiving() {
    feed.stopReceiving();
  }

  @Override
  public void pause() {
    feed.pause();
  }

  @Override
  public void resume() {
    feed.resume();
  }

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {
    feed.giveBack(deliveries);
  }

  @Override
  public int held() {
    return feed.held();
  }

  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return feed.aloneSince(partition);
  }

  @Override
  public Optional<Backlog> backlog() {
    return feed.backlog();
  }

  @Override
  public FeedStatus status() {
    return feed.status();
  }

  @Override
  public void close() {
    feed.close();
  }
}
