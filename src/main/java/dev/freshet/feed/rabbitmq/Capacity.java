package dev.freshet.feed.rabbitmq;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages that a session keeps in memory until they are acknowledged, at most so many bytes of
 * them. AMQP knows a prefetch by bytes, but RabbitMQ does not: it sends on, and what there is no
 * room for is let go here, its tag remembered, until the broker takes it back.
 */
final class Capacity {

  private final long limit;
  private final Map<Long, Integer> sizes = new HashMap<>();
  private final List<Long> refused = new ArrayList<>();
  private long bytes;
  private int returning;
  private long largestRefused;
  private boolean closed;

  Capacity(long limit) {
    this.limit = limit;
  }

  /**
   * Keeps a message for which there is room; alone it may be of any size. Behind a refused one
   * every other is refused too, so that their order stays.
   */
  synchronized boolean admit(long tag, int size) {
    boolean room = !closed && (sizes.isEmpty() || bytes + size <= limit);
    if (!refused.isEmpty() || !room) {
      refused.add(tag);
      largestRefused = Math.max(largestRefused, size);
      return false;
    }
    sizes.put(tag, size);
    bytes += size;
    return true;
  }

  /** Nothing more is kept, until it is opened again. */
  synchronized void close() {
    closed = true;
  }

  synchronized void open() {
    closed = false;
  }

  /** The size of a message that is held no longer; empty when it was not held. */
  synchronized Optional<Integer> release(long tag) {
    Integer size = sizes.remove(tag);
    bytes -= size == null ? 0 : size;
    return Optional.ofNullable(size);
  }

  /** Releases a message that comes again; whether it was held. */
  synchronized boolean giveBack(long tag) {
    boolean held = release(tag).isPresent();
    returning += held ? 1 : 0;
    return held;
  }

  /** No message comes again. */
  synchronized void nothingReturns() {
    returning = 0;
  }

  /** A message came again; whether it is the last that was given back. */
  synchronized boolean returned() {
    boolean last = returning == 1;
    returning = Math.max(0, returning - 1);
    return last;
  }

  /**
   * Whether messages that were given back have not come again. A quorum queue puts them at its end,
   * where others that are newer stand before them.
   */
  synchronized boolean isReturning() {
    return returning > 0;
  }

  /** How many messages were given back and have not come again. */
  synchronized int returning() {
    return returning;
  }

  synchronized int count() {
    return sizes.size();
  }

  synchronized boolean holds(long tag) {
    return sizes.containsKey(tag);
  }

  synchronized boolean hasRefused() {
    return !refused.isEmpty();
  }

  /** Whether so much was acknowledged that it is worth asking for more. */
  synchronized boolean hasRoom() {
    return sizes.isEmpty() || bytes <= limit / 2;
  }

  /** How many messages like those refused there is room for; at least one. */
  synchronized int roomForRefused() {
    return (int) Math.max(1, (limit - bytes) / Math.max(1, largestRefused));
  }

  /** The messages to give back, in order; they are forgotten here. */
  synchronized List<Long> takeRefused() {
    List<Long> taken = List.copyOf(refused);
    returning += taken.size();
    refused.clear();
    largestRefused = 0;
    return taken;
  }
}
