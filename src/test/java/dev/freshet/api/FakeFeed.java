package dev.freshet.api;

import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.UnroutableException;
import dev.freshet.support.IdleFeed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A feed that keeps what is published; it delivers nothing. */
final class FakeFeed extends IdleFeed {

  final List<ChangeMessage> published = new CopyOnWriteArrayList<>();
  volatile Set<String> unroutable = Set.of();
  volatile int acceptsAtMost = Integer.MAX_VALUE;
  volatile @Nullable RuntimeException failure;
  volatile Supplier<Optional<Backlog>> backlog = Optional::empty;
  volatile boolean takesLogicalMessages = true;
  volatile Supplier<FeedStatus> status = () -> new FeedStatus(true, "connected");

  void reset() {
    published.clear();
    unroutable = Set.of();
    acceptsAtMost = Integer.MAX_VALUE;
    failure = null;
    takesLogicalMessages = true;
    backlog = Optional::empty;
    status = () -> new FeedStatus(true, "connected");
  }

  @Override
  public Optional<Backlog> backlog() {
    return backlog.get();
  }

  @Override
  public void publish(ChangeMessage message) throws UnroutableException {
    RuntimeException current = failure;
    if (current != null && published.size() >= acceptsAtMost) {
      throw current;
    }
    if (unroutable.contains(message.routingKey())) {
      throw new UnroutableException("no queue is bound with " + message.routingKey());
    }
    published.add(message);
  }

  @Override
  public boolean takesLogicalMessages() {
    return takesLogicalMessages;
  }

  @Override
  public FeedStatus status() {
    return status.get();
  }
}
