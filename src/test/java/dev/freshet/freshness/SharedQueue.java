package dev.freshet.freshness;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Partition;
import dev.freshet.support.IdleFeed;
import java.time.Instant;
import java.util.Optional;

/** A feed that says who consumes, and what waits. */
final class SharedQueue extends IdleFeed {

  Optional<Instant> aloneSince = Optional.of(Instant.MIN);

  Optional<Backlog> backlog = Optional.of(new Backlog(0, 0));
  int held;

  void shared() {
    aloneSince = Optional.empty();
  }

  void alone(Instant since) {
    aloneSince = Optional.of(since);
  }

  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return aloneSince;
  }

  @Override
  public Optional<Backlog> backlog() {
    return backlog;
  }

  @Override
  public int held() {
    return held;
  }

  @Override
  public FeedStatus status() {
    return new FeedStatus(backlog.isPresent(), "RabbitMQ at here is unreachable");
  }
}
