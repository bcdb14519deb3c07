package dev.freshet.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What has arrived and waits to be taken, in order of arrival. Unlike a blocking queue it can be
 * closed, which wakes whoever waits.
 */
public final class Inbox<T> {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<T> waiting = new ArrayDeque<>();
  private boolean closed;

  public void add(T item) {
    lock.lock();
    try {
      if (!closed) {
        waiting.add(item);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the first item, then takes along what is already there.
   *
   * @return in order of arrival; empty when none came in time, and at once when none will come
   */
  public List<T> take(int limit, Duration patience) throws InterruptedException {
    long remaining = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closed && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      return drain(limit);
    } finally {
      lock.unlock();
    }
  }

  private List<T> drain(int limit) {
    List<T> taken = new ArrayList<>(Math.min(limit, waiting.size()));
    while (taken.size() < limit && !waiting.isEmpty()) {
      taken.add(waiting.remove());
    }
    return taken;
  }

  public void removeIf(Predicate<? super T> unwanted) {
    lock.lock();
    try {
      waiting.removeIf(unwanted);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is added from now on; what waits can still be taken. */
  public void end() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is handed out from now on; what waits is given up. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
