package dev.freshet.feed.memory;

/** How many messages, and how many bytes of them, there is room for. */
final class Room {

  private final int capacity;
  private final long capacityBytes;
  private int count;
  private long bytes;

  Room(int capacity, long capacityBytes) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
  }

  /** Whether the message has a place now; alone it may be of any size. */
  synchronized boolean tryTake(int size) {
    boolean free = count == 0 || (count < capacity && bytes + size <= capacityBytes);
    if (free) {
      count++;
      bytes += size;
    }
    return free;
  }

  synchronized int count() {
    return count;
  }

  synchronized void release(int size) {
    count--;
    bytes -= size;
  }
}
