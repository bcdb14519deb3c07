package dev.freshet.capture;

import dev.freshet.UnavailableException;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeRelay;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.feed.Departures;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import dev.freshet.feed.RetainedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed from the source's write-ahead log itself. The log is the queue: PostgreSQL keeps it from
 * the first change on that is not settled, so what this process holds is lost with it and comes
 * again.
 */
final class CaptureFeed implements ChangeFeed {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureFeed.class);

  private final LogReader reader;
  private final DeliveryBuffer buffer;
  private final LedgerDeadLetters deadLetters;
  private final ChangeRelay relay;
  private volatile boolean paused;
  private volatile boolean stopped;

  /**
   * @param buffer what the reader fills
   * @param relay what takes it, too
   */
  CaptureFeed(
      LogReader reader, DeliveryBuffer buffer, LedgerDeadLetters deadLetters, ChangeRelay relay) {
    this.reader = reader;
    this.buffer = buffer;
    this.deadLetters = deadLetters;
    this.relay = relay;
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    return buffer.take(limit, patience);
  }

  @Override
  public int window() {
    return buffer.capacity();
  }

  @Override
  public long windowBytes() {
    return buffer.capacityBytes();
  }

  /** What was read stays in this process, and the rest in the log: nobody else reads the slot. */
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
  public void acknowledge(List<? extends Delivery> deliveries) {
    deliveries.forEach(buffer::settle);
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    if (!delivery.isLive()) {
      return false;
    }
    deadLetters.add(DeadLetter.of(delivery, rejection));
    return buffer.settle(delivery);
  }

  @Override
  public void stopReceiving() {
    stopped = true;
    buffer.close();
  }

  @Override
  public FeedStatus status() {
    if (stopped) {
      return new FeedStatus(false, "the feed has stopped reading the source's log");
    }
    FeedStatus status = reader.status();
    String description = status.description() + (paused ? ", and is paused" : "");
    // Nobody publishes while another instance reads.
    Optional<String> fault = reader.readingSince().flatMap(since -> relay.fault());
    return new FeedStatus(
        status.connected() && fault.isEmpty(),
        fault.map(why -> description + ", but " + why).orElse(description),
        status.blocked(),
        status.remarks());
  }

  @Override
  public boolean reportsProgress() {
    return true;
  }

  @Override
  public int held() {
    return buffer.held();
  }

  @Override
  public int heldPossibleChanges() {
    return buffer.heldPossibleChanges();
  }

  /** What a reader before this one held comes again before all that is newer. */
  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return reader.readingSince();
  }

  @Override
  public FeedPhase phase() {
    return reader.phase();
  }

  @Override
  public Optional<RetainedLog> retained() {
    return reader.retained();
  }

  @Override
  public Departures departures() {
    return reader.departures();
  }

  @Override
  public Optional<Backlog> backlog() {
    if (!reader.isCurrent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Backlog(buffer.waiting(), deadLetters.count(), buffer.waitingPossibleChanges()));
    } catch (UnavailableException e) {
      LOG.debug("The index does not say how many dead letters it keeps: {}", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    stopReceiving();
    reader.close();
  }
}
