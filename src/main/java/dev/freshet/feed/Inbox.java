package dev.freshet.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
  private final Deque<T> waiting = new ArrayDeque<>();
  private boolean suspended;
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
      while ((suspended || waiting.isEmpty()) && !closed && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      return suspended ? List.of() : drain(limit);
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

  /** Hands nothing out until {@link #resume}; what waits stays, and more can be added. */
  public void suspend() {
    suspend(true);
  }

  public void resume() {
    suspend(false);
  }

  private void suspend(boolean wanted) {
    lock.lock();
    try {
      suspended = wanted;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Puts items before all others, in their order. */
  public void putBack(List<T> items) {
    lock.lock();
    try {
      for (int i = items.size() - 1; i >= 0; i--) {
        waiting.addFirst(items.get(i));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many of those that wait are wanted. */
  public int count(Predicate<? super T> wanted) {
    lock.lock();
    try {
      return (int) waiting.stream().filter(wanted).count();
    } finally {
      lock.unlock();
    }
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
