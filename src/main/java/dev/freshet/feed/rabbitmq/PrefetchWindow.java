package dev.freshet.feed.rabbitmq;

/**
 * How many messages to ask for in advance: as many as are configured, fewer while large ones are
 * about. It outlives a connection, so that the next one does not begin with too many.
 */
final class PrefetchWindow {

  /** One that waits for what another event has, and that other event. */
  private static final int FEWEST = 2;

  private final int configured;
  private final long bytes;
  private int count;
  private int acknowledged;
  private long largest;

  PrefetchWindow(int configured, long bytes) {
    this.configured = configured;
    this.bytes = bytes;
    this.count = configured;
  }

  synchronized int count() {
    return count;
  }

  /** There was no room for what came. */
  synchronized void narrow(int most) {
    count = Math.min(count, Math.max(FEWEST, most));
    acknowledged = 0;
    largest = 0;
  }

  synchronized void acknowledged(int size) {
    acknowledged++;
    largest = Math.max(largest, size);
  }

  /**
   * Doubles the count once that many messages have come, if there would be room for three times as
   * many like the largest of them: as many as before may still wait for their acknowledgement.
   *
   * @return whether it is another count now
   */
  synchronized boolean widen() {
    if (count == configured || acknowledged < count) {
      return false;
    }
    boolean small = largest * 3 * count <= bytes;
    acknowledged = 0;
    largest = 0;
    count = small ? Math.min(configured, 2 * count) : count;
    return small;
  }
}
