package dev.freshet.indexing;

import dev.freshet.Backoff;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.document.DocumentMapper;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.sink.IndexSink;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains what is there, applies it, acknowledges it, and again. Batches form by themselves: an idle
 * system takes each message at once, a busy one takes what has gathered meanwhile.
 */
public final class IndexingLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IndexingLoop.class);

  /** How long to wait for a message before looking whether to stop. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final ChangeFeed feed;
  private final IndexingConfiguration configuration;
  private final SourceRestart sourceRestart = new SourceRestart();
  private final Retries retries;
  private final BatchProcessor processor;
  private final Thread thread = new Thread(this::run, "indexing");
  private final CountDownLatch stopping = new CountDownLatch(1);

  public IndexingLoop(
      ChangeFeed feed,
      ChangeEventDecoder decoder,
      DocumentMapper mapper,
      IndexSink sink,
      IndexingConfiguration configuration,
      MeterRegistry registry,
      Clock clock) {
    this.feed = feed;
    this.configuration = configuration;
    var metrics = new IndexingMetrics(registry);
    var backoff =
        new Backoff(
            configuration.retryInitial(),
            configuration.retryMaximum(),
            RandomGenerator.getDefault());
    var waitingRoom =
        new WaitingRoom(configuration.unavailableValuePatience(), Math.max(1, feed.window() / 2));
    metrics.waiting(waitingRoom);
    metrics.sourceRestart(sourceRestart);
    this.retries = new Retries(backoff, this::pause, metrics);
    this.processor =
        new BatchProcessor(
            feed,
            SizeLimits.of(configuration),
            decoder,
            mapper,
            new IsolatingSink(sink),
            waitingRoom,
            sourceRestart,
            retries,
            metrics,
            clock);
  }

  /** Starts the feed and the loop. */
  public void start() {
    feed.start();
    thread.start();
  }

  /** Whether the loop was started and is over; before the start it is neither alive nor over. */
  public boolean hasEnded() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  /** Why the batch in flight cannot be applied; empty while all is well. */
  public Optional<String> failure() {
    return retries.failure();
  }

  /**
   * When the first event came that shows that the source has started its LSN again; empty when none
   * did since the start.
   */
  public Optional<Instant> sourceRestartSeen() {
    return sourceRestart.firstSeen();
  }

  private void run() {
    LOG.info("Indexing has started");
    try {
      while (step() || !isStopping()) {
        // The next step.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("Indexing has ended by a fault of its own; restart the service", e);
      // What was delivered here goes back to the queue, where another instance finds it.
      feed.close();
      return;
    }
    LOG.info("Indexing has ended");
  }

  /** Whether there was anything to do. */
  private boolean step() throws InterruptedException {
    Deque<List<Delivery>> parts =
        Parts.of(feed.take(configuration.batchSize(), PATIENCE), configuration.batchBytes());
    boolean any = !parts.isEmpty();
    // What is done is let go: nothing else may hold its messages in memory.
    while (!parts.isEmpty()) {
      processor.process(parts.remove());
    }
    if (processor.hasWaiting()) {
      processor.reconsider();
    }
    return any;
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause(Duration duration) throws InterruptedException {
    if (stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the loop is to stop");
    }
  }

  /**
   * Stops taking, and waits for the batch in flight at most the configured time. While the sink is
   * down the batch ends with its next attempt. What is not acknowledged then RabbitMQ delivers
   * again.
   */
  @Override
  public void close() {
    feed.stopReceiving();
    stopping.countDown();
    try {
      thread.join(configuration.shutdownTimeout().toMillis());
      if (thread.isAlive()) {
        LOG.warn(
            "The batch in flight did not end in {}; its messages are not acknowledged",
            configuration.shutdownTimeout());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
