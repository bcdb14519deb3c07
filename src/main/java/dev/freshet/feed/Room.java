package dev.freshet.feed;

/** How many messages, and how many bytes of them, there is room for. */
public final class Room {

  private final int capacity;
  private final long capacityBytes;
  private int count;
  private long bytes;

  public Room(int capacity, long capacityBytes) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
  }

  /** Whether the message has a place now; alone it may be of any size. */
  public synchronized boolean tryTake(int size) {
    boolean free = count == 0 || (count < capacity && bytes + size <= capacityBytes);
    if (free) {
      count++;
      bytes += size;
    }
    return free;
  }

  /** Waits until the message has a place. */
  public synchronized void take(int size) throws InterruptedException {
    while (!tryTake(size)) {
      wait();
    }
  }

  synchronized int count() {
    return count;
  }

  public synchronized void release(int size) {
    count--;
    bytes -= size;
    notifyAll();
  }
}
