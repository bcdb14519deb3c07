package dev.freshet.sink.http;

import dev.freshet.UnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** Runs requests, several at a time. */
final class Requests implements AutoCloseable {

  private final int concurrency;
  private final ExecutorService executor;

  /**
   * Makes the threads.
   *
   * @param concurrency the most requests in flight
   */
  Requests(int concurrency) {
    this.concurrency = concurrency;
    this.executor =
        Executors.newFixedThreadPool(
            concurrency,
            task -> {
              var thread = new Thread(task, "llamaindex-request");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Runs every request. After a failure none is begun, and those in flight are waited for.
   *
   * @throws UnavailableException when the service does not take requests now; of several failures
   *     the one that asks for the longest wait
   */
  void run(Collection<Runnable> requests) {
    var waiting = new ConcurrentLinkedQueue<>(requests);
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    Callable<Void> worker =
        () -> {
          work(waiting, failures);
          return null;
        };
    try {
      executor.invokeAll(Collections.nCopies(Math.min(concurrency, requests.size()), worker));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the requests in flight were interrupted", e);
    } catch (RejectedExecutionException e) {
      throw new UnavailableException("the sink is closed", e);
    }
    if (!failures.isEmpty()) {
      throw worst(List.copyOf(failures));
    }
  }

  private static void work(Queue<Runnable> waiting, Queue<RuntimeException> failures) {
    for (Runnable request = waiting.poll(); request != null; request = waiting.poll()) {
      try {
        request.run();
      } catch (RuntimeException e) {
        waiting.clear();
        failures.add(e);
      }
    }
  }

  private static RuntimeException worst(List<RuntimeException> failures) {
    return Collections.max(failures, Comparator.comparing(Requests::wait));
  }

  /** A defect of Freshet's own comes before every fault of the service. */
  private static Duration wait(RuntimeException failure) {
    return failure instanceof UnavailableException unavailable
        ? unavailable.retryAfter().orElse(Duration.ZERO)
        : Duration.ofSeconds(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
