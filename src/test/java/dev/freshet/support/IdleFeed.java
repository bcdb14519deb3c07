package dev.freshet.support;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import dev.freshet.feed.UnroutableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A feed on which nothing happens; a test says what it wants otherwise. */
public class IdleFeed implements ChangeFeed, ChangePublisher {

  @Override
  public void start() {}

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(patience.toMillis());
    return List.of();
  }

  @Override
  public int window() {
    return 8;
  }

  @Override
  public long windowBytes() {
    return 1_000_000;
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {}

  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return Optional.of(Instant.MIN);
  }

  @Override
  public int held() {
    return 0;
  }

  @Override
  public Optional<Backlog> backlog() {
    return Optional.empty();
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {}

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    return true;
  }

  @Override
  public void publish(ChangeMessage message) throws UnroutableException {}

  @Override
  public void stopReceiving() {}

  @Override
  public FeedStatus status() {
    return new FeedStatus(true, "connected");
  }

  @Override
  public void close() {}
}
