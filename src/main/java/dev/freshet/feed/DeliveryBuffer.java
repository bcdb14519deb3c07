package dev.freshet.feed;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The messages of one partition that a feed holds in this process, from their arrival until they
 * are settled: in order of arrival, and bounded by count and bytes.
 */
public final class DeliveryBuffer {

  private final int capacity;
  private final long capacityBytes;
  private final Room room;
  private final ArrivalClock clock;
  private final Inbox<BufferedDelivery> inbox = new Inbox<>();
  private final Set<BufferedDelivery> open = ConcurrentHashMap.newKeySet();

  /**
   * @param capacity the most messages
   * @param capacityBytes the most bytes of messages; a larger message is held alone
   */
  public DeliveryBuffer(int capacity, long capacityBytes, Clock clock) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
    this.room = new Room(capacity, capacityBytes);
    this.clock = new ArrivalClock(clock);
  }

  /** Adds a message unless there is no room. */
  public boolean offer(ChangeMessage message) {
    boolean free = room.tryTake(message.size());
    if (free) {
      add(message, () -> {}, true);
    }
    return free;
  }

  /**
   * Waits for room and adds a message.
   *
   * @param whenSettled called once, when the message is acknowledged or dead-lettered
   */
  public void put(ChangeMessage message, Runnable whenSettled) throws InterruptedException {
    room.take(message.size());
    add(message, whenSettled, true);
  }

  /** As {@link #put}, of a message that is known to be no change of a row. */
  public void putSignal(ChangeMessage message, Runnable whenSettled) throws InterruptedException {
    room.take(message.size());
    add(message, whenSettled, false);
  }

  /** One lock around both, so that the times of arrival have the order of the messages. */
  private synchronized void add(
      ChangeMessage message, Runnable whenSettled, boolean possibleChange) {
    var delivery = new BufferedDelivery(message, clock.next(), whenSettled, possibleChange);
    open.add(delivery);
    inbox.add(delivery);
  }

  /** As {@link ChangeFeed#take}. */
  public List<Delivery> take(int limit, Duration patience) throws InterruptedException {
    List<BufferedDelivery> taken = inbox.take(limit, patience);
    taken.forEach(BufferedDelivery::take);
    return List.copyOf(taken);
  }

  public int capacity() {
    return capacity;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  /** Hands nothing out until {@link #resume}. What was not taken stays. */
  public void suspend() {
    inbox.suspend();
  }

  public void resume() {
    inbox.resume();
  }

  /** A new delivery stands for the message: the one that was taken can no longer be settled. */
  public void giveBack(List<? extends Delivery> deliveries) {
    List<BufferedDelivery> again = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      if (delivery instanceof BufferedDelivery taken && open.remove(taken)) {
        again.add(taken.again());
        taken.end();
      }
    }
    again.sort(Comparator.comparing(BufferedDelivery::receivedAt));
    open.addAll(again);
    inbox.putBack(again);
  }

  /**
   * The message is done, and its room is free.
   *
   * @return whether this call was the one that settled it
   */
  public boolean settle(Delivery delivery) {
    boolean first = delivery instanceof BufferedDelivery taken && open.remove(taken);
    if (first) {
      var taken = (BufferedDelivery) delivery;
      taken.end();
      room.release(taken.message().size());
      taken.whenSettled().run();
    }
    return first;
  }

  /** Drops every message that is not settled: the source sends it again. */
  public void abandon() {
    for (BufferedDelivery delivery : List.copyOf(open)) {
      if (open.remove(delivery)) {
        delivery.end();
        room.release(delivery.message().size());
      }
    }
    inbox.removeIf(delivery -> !delivery.isLive());
  }

  /** How many wait to be taken. */
  public int waiting() {
    return inbox.size();
  }

  /** How many were taken and are not settled. */
  public int held() {
    return Math.max(0, room.count() - inbox.size());
  }

  /** How many wait to be taken, and may be changes of rows. */
  public int waitingPossibleChanges() {
    return inbox.count(BufferedDelivery::isPossibleChange);
  }

  /** How many were taken, are not settled, and may be changes of rows. */
  public int heldPossibleChanges() {
    return (int) open.stream().filter(one -> one.isTaken() && one.isPossibleChange()).count();
  }

  /** Nothing is added from now on; what waits can still be taken. */
  public void end() {
    inbox.end();
  }

  /** Nothing is handed out from now on. */
  public void close() {
    inbox.close();
  }
}
