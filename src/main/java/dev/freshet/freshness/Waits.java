package dev.freshet.freshness;

import dev.freshet.Defect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Those who wait for the index. A waiter costs no thread: whoever changes what is waited for says
 * so, and each condition is looked at again.
 */
public final class Waits {

  private record Waiter(BooleanSupplier condition, CompletableFuture<Boolean> result) {}

  private final int most;
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private boolean closed;

  /**
   * @param most so many wait at once
   */
  public Waits(int most) {
    this.most = most;
  }

  /**
   * Waits.
   *
   * @param condition cheap, and safe to ask from any thread
   * @return whether the condition came true in time; completed by the thread that made it true, so
   *     that what depends on it belongs on another one. Whoever completes it waits no more
   * @throws TooManyWaitersException when no more can wait
   */
  public CompletableFuture<Boolean> await(BooleanSupplier condition, Duration timeout)
      throws TooManyWaitersException {
    if (condition.getAsBoolean()) {
      return CompletableFuture.completedFuture(true);
    }
    var waiter = new Waiter(condition, new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        return CompletableFuture.completedFuture(false);
      }
      dismissDone();
      if (waiters.size() >= most) {
        throw new TooManyWaitersException(most);
      }
      waiters.add(waiter);
    }
    // What came true since the first look would wake nobody.
    if (condition.getAsBoolean()) {
      waiter.result().complete(true);
    }
    return waiter.result().completeOnTimeout(false, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Those whose time is up, or whom nobody waits for any more, leave with the next look. */
  private synchronized void dismissDone() {
    waiters.removeIf(waiter -> waiter.result().isDone());
  }

  /** Looks at every condition again. */
  public void signal() {
    for (Waiter waiter : waiting()) {
      try {
        if (waiter.condition().getAsBoolean()) {
          waiter.result().complete(true);
        }
      } catch (Throwable e) {
        Defect.requireSurvivable(e);
        waiter.result().completeExceptionally(e);
      }
    }
  }

  private synchronized List<Waiter> waiting() {
    dismissDone();
    return waiters.isEmpty() ? List.of() : new ArrayList<>(waiters);
  }

  /** How many wait. */
  public synchronized int count() {
    dismissDone();
    return waiters.size();
  }

  /** Whether nobody waits for it because the service ends. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Ends every wait as if its time were up; nobody waits from now on. */
  public void close() {
    synchronized (this) {
      closed = true;
    }
    waiting().forEach(waiter -> waiter.result().complete(false));
  }
}
