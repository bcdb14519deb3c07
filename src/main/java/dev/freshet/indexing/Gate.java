package dev.freshet.indexing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Lets the loop take, or not: operators close and open it, and the loop passes it. */
final class Gate {

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Instant since;
  private @Nullable String announcedFor;
  private Instant announcedAt;
  private @Nullable String pausedFor;
  private @Nullable String endedFor;
  private boolean stopping;
  private boolean passed;
  private int inFlight;

  Gate(Clock clock) {
    this.clock = clock;
    this.since = clock.instant();
    this.announcedAt = since;
  }

  /** A pause is under way: the loop still passes, and takes what has arrived. */
  void announcePause(String reason) {
    lock.lock();
    try {
      if (pausedFor == null && endedFor == null) {
        announcedFor = reason;
        announcedAt = clock.instant();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes it; the reason and the time of an earlier call stay. */
  void pause(String reason) {
    lock.lock();
    try {
      announcedFor = null;
      if (pausedFor == null && endedFor == null) {
        pausedFor = reason;
        since = clock.instant();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void resume() {
    lock.lock();
    try {
      announcedFor = null;
      if (pausedFor != null && endedFor == null) {
        pausedFor = null;
        since = clock.instant();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits here goes on from now on. */
  void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The loop comes here no more. */
  void end(String reason) {
    lock.lock();
    try {
      endedFor = reason;
      since = clock.instant();
    } finally {
      lock.unlock();
    }
  }

  boolean isPaused() {
    lock.lock();
    try {
      return pausedFor != null;
    } finally {
      lock.unlock();
    }
  }

  boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the loop has left, at most so long, or until the gate is open again. */
  void awaitQuiet(Duration patience) throws InterruptedException {
    long remaining = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (passed && pausedFor != null && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits while it is closed, and passes.
   *
   * @return whether the loop has passed, and has to {@link #leave}
   */
  boolean pass(Duration patience) throws InterruptedException {
    long remaining = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (pausedFor != null && !stopping && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      passed = pausedFor == null;
      return passed;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      passed = false;
      inFlight = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The loop has taken so many messages. */
  void taken(int messages) {
    lock.lock();
    try {
      inFlight = messages;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for another attempt.
   *
   * @throws InterruptedException at once when the gate is closed or the loop is to stop
   */
  void sleep(Duration duration) throws InterruptedException {
    long remaining = duration.toNanos();
    lock.lockInterruptibly();
    try {
      while (pausedFor == null && !stopping && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      if (pausedFor != null || stopping) {
        throw new InterruptedException("the batch in flight is to be given up");
      }
    } finally {
      lock.unlock();
    }
  }

  /** What consumption does, given why it stands still. */
  Consumption consumption(Optional<Stall> stall) {
    lock.lock();
    try {
      if (endedFor != null) {
        return new Consumption(Consumption.State.ENDED, since, Optional.of(endedFor), inFlight);
      }
      if (pausedFor != null) {
        var state = passed ? Consumption.State.PAUSING : Consumption.State.PAUSED;
        return new Consumption(state, since, Optional.of(pausedFor), inFlight);
      }
      if (announcedFor != null) {
        return new Consumption(
            Consumption.State.PAUSING, announcedAt, Optional.of(announcedFor), inFlight);
      }
      return stall
          .map(
              found ->
                  new Consumption(
                      Consumption.State.STALLED,
                      found.since(),
                      Optional.of(found.reason()),
                      inFlight))
          .orElseGet(
              () -> new Consumption(Consumption.State.RUNNING, since, Optional.empty(), inFlight));
    } finally {
      lock.unlock();
    }
  }
}
