package dev.freshet.feed;

import dev.freshet.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A feed of three partitions in memory, by the hash of the routing key. A test can let a partition
 * lag, and hand it to another consumer and back, as Kafka does when a group is balanced again.
 */
public final class PartitionedFeed implements ChangeFeed, ChangePublisher {

  private static final int PARTITIONS = 3;

  /** A message in one consumer's hands, or on its way there; it ends with the consumer. */
  private record Held(
      ChangeMessage message,
      Instant receivedAt,
      Partition partition,
      AtomicBoolean settled,
      AtomicBoolean lost)
      implements Delivery {

    private Held(ChangeMessage message, Instant receivedAt, Partition partition) {
      this(message, receivedAt, partition, new AtomicBoolean(), new AtomicBoolean());
    }

    @Override
    public boolean isLive() {
      return !lost.get() && !settled.get();
    }
  }

  /** What is of one partition, in its order. */
  private static final class Part {
    private List<Held> waiting = new ArrayList<>();
    private final List<Held> taken = new ArrayList<>();
    private boolean lags;
    private Optional<Instant> aloneSince = Optional.of(Instant.MIN);
  }

  private final TreeMap<Partition, Part> parts =
      new TreeMap<>(Comparator.comparing(Partition::name));
  private final List<ChangeMessage> deadLetters = new ArrayList<>();
  private final ArrivalClock clock = new ArrivalClock(Clock.systemUTC());
  private boolean paused;
  private boolean stopped;
  private boolean started;

  public PartitionedFeed() {
    IntStream.range(0, PARTITIONS)
        .forEach(number -> parts.put(new Partition(Integer.toString(number)), new Part()));
  }

  /** The partition of messages with this routing key. */
  public static Partition partitionOf(String routingKey) {
    return new Partition(Integer.toString(Math.floorMod(routingKey.hashCode(), PARTITIONS)));
  }

  /** A routing key whose messages go to the partition. */
  public static String keyOf(Partition partition) {
    return IntStream.iterate(0, number -> number + 1)
        .mapToObj("public.products%d"::formatted)
        .filter(key -> partitionOf(key).equals(partition))
        .findFirst()
        .orElseThrow();
  }

  /** Its messages arrive, and are not handed out until it lags no more. */
  public synchronized void lag(Partition partition, boolean lags) {
    parts.get(partition).lags = lags;
    notifyAll();
  }

  /** Another consumer takes the partition: what is in hand of it comes there again. */
  public synchronized void handOver(Partition partition) {
    Part part = parts.get(partition);
    part.aloneSince = Optional.empty();
    part.taken.forEach(held -> held.lost().set(true));
    List<Held> again = new ArrayList<>();
    part.taken.forEach(held -> again.add(again(held)));
    part.waiting.forEach(held -> again.add(again(held)));
    part.taken.clear();
    part.waiting = again;
  }

  /** The partition comes back with what the other consumer has not settled. */
  public synchronized void takeBack(Partition partition) {
    Part part = parts.get(partition);
    part.aloneSince = Optional.of(clock.next());
    part.waiting = part.waiting.stream().map(this::again).collect(Collectors.toList());
    notifyAll();
  }

  private Held again(Held held) {
    return new Held(held.message(), clock.next(), held.partition());
  }

  /** The other consumer settles the oldest messages of a partition that it has. */
  public synchronized List<ChangeMessage> settleElsewhere(Partition partition, int count) {
    List<Held> oldest = parts.get(partition).waiting.stream().limit(count).toList();
    parts.get(partition).waiting.removeAll(oldest);
    return oldest.stream().map(Held::message).toList();
  }

  public synchronized List<String> deadLetterBodies() {
    return deadLetters.stream()
        .map(message -> new String(message.body(), StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public synchronized void start() {
    started = true;
  }

  @Override
  public synchronized List<Delivery> take(int limit, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Delivery> taken = new ArrayList<>();
    while (true) {
      for (Optional<Held> next = next(); taken.size() < limit && next.isPresent(); next = next()) {
        Part part = parts.get(next.get().partition());
        part.waiting.remove(next.get());
        part.taken.add(next.get());
        taken.add(next.get());
      }
      long remaining = deadline - System.nanoTime();
      if (!taken.isEmpty() || stopped || remaining <= 0) {
        return taken;
      }
      TimeUnit.NANOSECONDS.timedWait(this, remaining);
    }
  }

  /** The oldest of those that stand first in their partitions. */
  private Optional<Held> next() {
    return parts.values().stream()
        .filter(part -> !paused && !part.lags && part.aloneSince.isPresent())
        .flatMap(part -> part.waiting.stream().limit(1))
        .min(Comparator.comparing(Held::receivedAt));
  }

  @Override
  public int window() {
    return 1_000;
  }

  @Override
  public long windowBytes() {
    return 1_000_000;
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
    notifyAll();
  }

  @Override
  public synchronized void giveBack(List<? extends Delivery> deliveries) {
    for (Delivery delivery : deliveries) {
      if (settle(delivery)) {
        List<Held> waiting = parts.get(delivery.partition()).waiting;
        waiting.add(new Held(delivery.message(), delivery.receivedAt(), delivery.partition()));
        waiting.sort(Comparator.comparing(Held::receivedAt));
      }
    }
    notifyAll();
  }

  @Override
  public synchronized void acknowledge(List<? extends Delivery> deliveries) {
    deliveries.forEach(this::settle);
  }

  private boolean settle(Delivery delivery) {
    Held held = (Held) delivery;
    boolean first = held.isLive() && held.settled().compareAndSet(false, true);
    parts.get(held.partition()).taken.remove(held);
    return first;
  }

  @Override
  public synchronized boolean deadLetter(Delivery delivery, Rejection rejection) {
    return settle(delivery) && deadLetters.add(delivery.message());
  }

  @Override
  public synchronized void publish(ChangeMessage message) {
    if (stopped) {
      throw new UnavailableException("the feed is closed");
    }
    Partition partition = partitionOf(message.routingKey());
    parts.get(partition).waiting.add(new Held(message, clock.next(), partition));
    notifyAll();
  }

  @Override
  public synchronized void stopReceiving() {
    stopped = true;
    notifyAll();
  }

  @Override
  public synchronized FeedStatus status() {
    return new FeedStatus(started && !stopped, paused ? "paused" : "three partitions in memory");
  }

  @Override
  public synchronized int held() {
    return parts.values().stream().mapToInt(part -> part.taken.size()).sum();
  }

  @Override
  public Set<Partition> partitions() {
    return parts.keySet();
  }

  @Override
  public synchronized Optional<Instant> aloneSince(Partition partition) {
    return parts.get(partition).aloneSince;
  }

  @Override
  public synchronized Optional<Backlog> backlog() {
    int waiting = parts.values().stream().mapToInt(part -> part.waiting.size()).sum();
    return Optional.of(new Backlog(waiting, deadLetters.size()));
  }

  @Override
  public synchronized void close() {
    stopReceiving();
    parts.values().forEach(part -> part.waiting.clear());
  }
}
