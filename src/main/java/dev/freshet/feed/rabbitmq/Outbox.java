package dev.freshet.feed.rabbitmq;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Room;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Messages that the broker has not confirmed, in their order. One counts as taken when it and all
 * before it are; whatever ends a channel, the rest is sent again from the first on that is not.
 */
final class Outbox {

  private final Room room;
  private final Deque<Outgoing> waiting = new ArrayDeque<>();

  /** By the number that the channel gave them; the first one is not taken. */
  private final NavigableMap<Long, Outgoing> sent = new TreeMap<>();

  /**
   * @param mandatory whether the broker returns it where no queue takes it
   * @param whenTaken called once
   */
  record Outgoing(ChangeMessage message, boolean mandatory, Runnable whenTaken, Progress progress) {

    Outgoing(ChangeMessage message, boolean mandatory, Runnable whenTaken) {
      this(message, mandatory, whenTaken, new Progress());
    }
  }

  /** What the present channel said of a message; guarded by the outbox. */
  static final class Progress {
    private long sentAt;
    private boolean returned;
    private boolean confirmed;
  }

  /**
   * @param capacity the most messages
   * @param capacityBytes the most bytes of messages; a larger message is held alone
   */
  Outbox(int capacity, long capacityBytes) {
    this.room = new Room(capacity, capacityBytes);
  }

  /** Waits for room. */
  void add(Outgoing message) throws InterruptedException {
    room.take(message.message().size());
    synchronized (this) {
      waiting.add(message);
      notifyAll();
    }
  }

  /**
   * Waits for a message, at most so long, which then counts as sent.
   *
   * @param number the channel's next one
   */
  synchronized Optional<Outgoing> next(long number, Duration patience) throws InterruptedException {
    if (waiting.isEmpty()) {
      TimeUnit.MILLISECONDS.timedWait(this, patience.toMillis());
    }
    Outgoing next = waiting.poll();
    if (next != null) {
      next.progress().sentAt = System.nanoTime();
      sent.put(number, next);
    }
    return Optional.ofNullable(next);
  }

  /** No queue takes the message; the broker says so before it confirms it. */
  synchronized Optional<ChangeMessage> returned(long number) {
    Outgoing message = sent.get(number);
    if (message != null) {
      message.progress().returned = true;
    }
    return Optional.ofNullable(message).map(Outgoing::message);
  }

  /**
   * The broker has the message.
   *
   * @param multiple whether it has all before it, too
   */
  void confirmed(long number, boolean multiple) {
    List<Outgoing> taken = new ArrayList<>();
    synchronized (this) {
      var those = multiple ? sent.headMap(number, true) : sent.subMap(number, true, number, true);
      those.values().forEach(message -> message.progress().confirmed = true);
      for (var first = sent.firstEntry(); first != null; first = sent.firstEntry()) {
        Progress progress = first.getValue().progress();
        if (!progress.confirmed || progress.returned) {
          break;
        }
        taken.add(first.getValue());
        sent.pollFirstEntry();
      }
    }
    for (Outgoing message : taken) {
      room.release(message.message().size());
      message.whenTaken().run();
    }
  }

  /** For how long the first message that was sent has not been taken. */
  synchronized Duration unconfirmedFor() {
    return sent.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - sent.firstEntry().getValue().progress().sentAt);
  }

  /** Nothing was confirmed because the broker took nothing for a while. */
  synchronized void countAnew() {
    sent.values().forEach(message -> message.progress().sentAt = System.nanoTime());
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty() && sent.isEmpty();
  }

  /** The channel is gone: what was sent over it and is not taken is sent again. */
  synchronized void rewind() {
    for (Outgoing message : sent.descendingMap().values()) {
      waiting.addFirst(new Outgoing(message.message(), message.mandatory(), message.whenTaken()));
    }
    sent.clear();
  }

  /** Forgets all. */
  synchronized void clear() {
    List<Outgoing> all = new ArrayList<>(waiting);
    all.addAll(sent.values());
    waiting.clear();
    sent.clear();
    all.forEach(message -> room.release(message.message().size()));
  }
}
