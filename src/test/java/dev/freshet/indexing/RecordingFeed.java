package dev.freshet.indexing;

import dev.freshet.UnavailableException;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Partition;
import dev.freshet.feed.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A feed that remembers what was done, in order, beside what its sink does. */
final class RecordingFeed implements ChangeFeed {

  private final List<String> events;
  private final BlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger refusedDeadLetters = new AtomicInteger();
  private volatile long windowBytes = 1_000_000;
  private volatile boolean stopped;
  private volatile boolean paused;
  private volatile boolean connectionGone;
  private volatile Consumer<Delivery> whenAcknowledged = delivery -> {};
  private volatile Consumer<Rejection> whenDeadLettered = rejection -> {};
  private volatile boolean countsDeliveries;
  private final AtomicInteger held = new AtomicInteger();

  /** A delivery that is told by its body. */
  record Taken(ChangeMessage message, Instant receivedAt) implements Delivery {

    @Override
    public Partition partition() {
      return Partition.ONLY;
    }
  }

  /**
   * Takes the list to write to.
   *
   * @param events shared with the sink, so that the order of both is seen
   */
  RecordingFeed(List<String> events) {
    this.events = events;
  }

  static Delivery delivery(String body) {
    return new Taken(
        new ChangeMessage("public.products", Map.of(), body.getBytes(StandardCharsets.UTF_8)),
        Instant.EPOCH);
  }

  void refuseDeadLetters(int times) {
    refusedDeadLetters.set(times);
  }

  void windowBytes(long bytes) {
    windowBytes = bytes;
  }

  void loseConnection() {
    connectionGone = true;
  }

  void whenAcknowledged(Consumer<Delivery> what) {
    whenAcknowledged = what;
  }

  void whenDeadLettered(Consumer<Rejection> what) {
    whenDeadLettered = what;
  }

  /** As a quorum queue does. */
  void countDeliveries() {
    countsDeliveries = true;
  }

  void add(Delivery delivery) {
    held.incrementAndGet();
    waiting.add(delivery);
  }

  @Override
  public void start() {
    events.add("start");
  }

  @Override
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    var taken = new ArrayList<Delivery>();
    Delivery first =
        stopped || paused ? null : waiting.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      taken.add(first);
      waiting.drainTo(taken, limit - 1);
    }
    return taken;
  }

  @Override
  public int window() {
    return 8;
  }

  @Override
  public long windowBytes() {
    return windowBytes;
  }

  @Override
  public void pause() {
    paused = true;
    events.add("pause");
  }

  @Override
  public boolean drain() {
    if (countsDeliveries) {
      events.add("drain");
    }
    return countsDeliveries;
  }

  @Override
  public void resume() {
    paused = false;
    events.add("resume");
  }

  @Override
  public void giveBack(List<? extends Delivery> deliveries) {
    held.addAndGet(-deliveries.size());
    events.add("give back " + deliveries.size());
  }

  @Override
  public void acknowledge(List<? extends Delivery> deliveries) {
    deliveries.forEach(whenAcknowledged);
    held.addAndGet(-deliveries.size());
    events.add("acknowledge " + deliveries.size());
  }

  @Override
  public boolean deadLetter(Delivery delivery, Rejection rejection) {
    if (refusedDeadLetters.getAndDecrement() > 0) {
      throw new UnavailableException("the dead-letter exchange is blocked");
    }
    if (connectionGone) {
      return false;
    }
    whenDeadLettered.accept(rejection);
    events.add("dead letter " + rejection.reason().label());
    return true;
  }

  @Override
  public void stopReceiving() {
    stopped = true;
    events.add("stop");
  }

  @Override
  public FeedStatus status() {
    return new FeedStatus(true, "recording");
  }

  @Override
  public Optional<Instant> aloneSince(Partition partition) {
    return Optional.of(Instant.MIN);
  }

  @Override
  public int held() {
    return held.get();
  }

  @Override
  public Optional<Backlog> backlog() {
    return Optional.empty();
  }

  @Override
  public void close() {
    events.add("close");
  }
}
