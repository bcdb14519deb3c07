package dev.freshet.freshness;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A feed that says who consumes, and what waits. */
final class SharedQueue implements ChangeFeed {

  Optional<Instant> aloneSince = Optional.of(Instant.MIN);

  /** What the next question to the broker finds. */
  Optional<Instant> nextLook = aloneSince;

  Optional<Backlog> backlog = Optional.of(new Backlog(0, 0));
  int held;

  void shared() {
    aloneSince = Optional.empty();
    nextLook = Optional.empty();
  }

  void alone(Instant since) {
    aloneSince = Optional.of(since);
    nextLook = aloneSince;
  }

  @Override
  public Optional<Instant> aloneSince() {
    return aloneSince;
  }

  @Override
  public Optional<Backlog> backlog() {
    aloneSince = nextLook;
    return backlog;
  }

  @Override
  public int held() {
    return held;
  }

  @Override
  public void start() {}

  @Override
  public List<Delivery> take(int limit, Duration patience) {
    return List.of();
  }

  @Override
  public int window() {
    return 1;
  }

  @Override
  public long windowBytes() {
    return 1;
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {}

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {}

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    return true;
  }

  @Override
  public void publish(ChangeMessage message) {}

  @Override
  public void stopReceiving() {}

  @Override
  public FeedStatus status() {
    return new FeedStatus(backlog.isPresent(), "RabbitMQ at here is unreachable");
  }

  @Override
  public void close() {}
}
