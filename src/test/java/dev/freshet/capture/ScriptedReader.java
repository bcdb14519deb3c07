package dev.freshet.capture;

import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.RetainedLog;
import java.time.Instant;
import java.util.Optional;

/** A reader that is always up to date; the test fills the buffer. */
final class ScriptedReader implements LogReader {

  private boolean closed;

  @Override
  public void start() {}

  @Override
  public FeedStatus status() {
    return new FeedStatus(!closed, closed ? "closed" : "the log is read");
  }

  @Override
  public FeedPhase phase() {
    return FeedPhase.FOLLOWS;
  }

  @Override
  public Optional<Instant> readingSince() {
    return Optional.of(Instant.MIN);
  }

  @Override
  public boolean isCurrent() {
    return true;
  }

  @Override
  public Optional<RetainedLog> retained() {
    return Optional.of(new RetainedLog("test", "reserved", 1, null));
  }

  @Override
  public Departures departures() {
    return Departures.NONE;
  }

  @Override
  public void close() {
    closed = true;
  }
}
