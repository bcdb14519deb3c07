package dev.freshet.indexing;

import dev.freshet.Backoff;
import dev.freshet.Defect;
import dev.freshet.document.MessageReader;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.IsolatingSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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

  private static final Duration REST = Duration.ofSeconds(1);

  /** How long to wait before looking whether all that arrived is processed. */
  private static final Duration DRAINED = Duration.ofMillis(10);

  private final ChangeFeed feed;
  private final IndexingConfiguration configuration;
  private final Retries retries;
  private final BatchProcessor processor;
  private final IndexingProgress progress;
  private final Thread thread = new Thread(this::run, "indexing");
  private final Gate gate;
  private final ReentrantLock switching = new ReentrantLock();

  public IndexingLoop(
      ChangeFeed feed,
      MessageReader reader,
      IndexSink sink,
      FailureRecorder failures,
      IndexingProgress progress,
      IndexingConfiguration configuration,
      Signals signals,
      Clock clock) {
    this.feed = feed;
    this.progress = progress;
    this.configuration = configuration;
    var metrics = new IndexingMetrics(signals);
    var backoff =
        new Backoff(
            configuration.retryInitial(),
            configuration.retryMaximum(),
            RandomGenerator.getDefault());
    var incompleteChanges =
        new IncompleteChanges(
            configuration.unavailableValuePatience(), feed::window, feed::windowBytes);
    metrics.waiting(incompleteChanges);
    metrics.deferred(incompleteChanges);
    metrics.sourceRestart(progress.restart());
    this.gate = new Gate(clock);
    this.retries = new Retries(backoff, gate::sleep, metrics, clock);
    metrics.watch(gate, retries);
    var rejector = new MessageRejector(feed, reader, failures, progress, retries, metrics, clock);
    this.processor =
        new BatchProcessor(
            new BatchReader(reader, progress, signals.tracing(), retries, metrics, clock),
            new IsolatingSink(sink),
            incompleteChanges,
            rejector,
            new Settlement(feed, progress, rejector, incompleteChanges, retries, metrics),
            retries,
            metrics,
            clock);
  }

  /** Starts the feed and the loop; paused, where that is configured. */
  public void start() {
    if (configuration.paused()) {
      gate.pause("freshet.indexing.paused is true");
      feed.pause();
      LOG.info("Consumption is paused until POST /consumption/resume");
    }
    feed.start();
    thread.start();
  }

  /** Whether the loop was started and is over; before the start it is neither alive nor over. */
  public boolean hasEnded() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  /** Why the batch in flight does not go on; empty while all is well. */
  public Optional<Stall> stall() {
    return retries.stall();
  }

  /** What consumption does now. */
  public Consumption consumption() {
    return gate.consumption(retries.stall());
  }

  /**
   * Takes no further message, and waits for the batch in flight. A batch that waits for another
   * attempt is given up: its messages go back with those that were not taken, so that other
   * instances can have them. Where that costs a message something, what has arrived is processed
   * first, as long as the other sides answer. Pausing again changes nothing.
   *
   * @param reason one sentence for people
   * @param patience how long to wait for the batch in flight, and for what is processed first
   */
  public void pause(String reason, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    switching.lockInterruptibly();
    try {
      if (!gate.isPaused()) {
        gate.announcePause(reason);
        if (feed.drain()) {
          awaitDrained(deadline);
        }
      }
    } finally {
      // In this order what the gate gives back does not come to this instance again.
      feed.pause();
      gate.pause(reason);
      switching.unlock();
    }
    gate.awaitQuiet(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    LOG.info("Consumption is {}: {}", consumption().state().label(), reason);
  }

  /** What waits for values of other events would wait for ever. */
  private void awaitDrained(long deadline) throws InterruptedException {
    while (feed.held() > processor.countWaiting()
        && retries.stall().isEmpty()
        && !gate.isStopping()
        && System.nanoTime() < deadline) {
      TimeUnit.NANOSECONDS.sleep(DRAINED.toNanos());
    }
  }

  /** Takes messages again. Resuming again changes nothing. */
  public void resume() throws InterruptedException {
    switching.lockInterruptibly();
    try {
      // In this order nothing new arrives while something is given back.
      gate.resume();
      feed.resume();
    } finally {
      switching.unlock();
    }
    LOG.info("Consumption is {}", consumption().state().label());
  }

  /**
   * When the first event came that shows that the source has started its LSN again; empty when none
   * did since the start.
   */
  public Optional<Instant> sourceRestartSeen() {
    return progress.restart().firstSeen();
  }

  private void run() {
    LOG.info("Indexing has started");
    try {
      progress.renew();
      while (survive() || !gate.isStopping()) {
        // The next step.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("Indexing has ended by a fault of its own; restart the service", e);
      gate.end("indexing has ended by a fault of its own, which the log has; restart the service");
      // What was delivered here goes back to the queue, where another instance finds it.
      feed.close();
      return;
    } finally {
      progress.end();
    }
    gate.end("the service stops");
    LOG.info("Indexing has ended");
  }

  /** One step, of which no fault but the virtual machine's own ends the loop. */
  private boolean survive() throws InterruptedException {
    try {
      return step();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      LOG.error("Indexing meets a fault of its own, and goes on", e);
      rest();
      return false;
    }
  }

  /** A fault that lasts must not keep a core busy, nor fill the log. */
  private void rest() throws InterruptedException {
    try {
      gate.sleep(REST);
    } catch (InterruptedException e) {
      if (gate.isStopping()) {
        throw e;
      }
    }
  }

  /** Whether there was anything to do. */
  private boolean step() throws InterruptedException {
    if (!gate.pass(PATIENCE)) {
      giveBack(List.of());
      return false;
    }
    try {
      List<Delivery> taken = feed.take(configuration.batchSize(), PATIENCE);
      progress.take(taken);
      Deque<List<Delivery>> parts = Parts.of(taken, configuration.batchBytes());
      boolean any = !parts.isEmpty();
      process(parts);
      return any;
    } finally {
      gate.leave();
    }
  }

  /** Processes what was taken and what waits for values, or gives back what a pause interrupts. */
  private void process(Deque<List<Delivery>> parts) throws InterruptedException {
    gate.taken(processor.waiting().size() + parts.stream().mapToInt(List::size).sum());
    try {
      boolean open = !gate.isPaused();
      while (open && !parts.isEmpty()) {
        processor.process(parts.element());
        // What is done is let go: nothing else may hold its messages in memory.
        parts.remove();
        open = !gate.isPaused();
      }
      if (!open) {
        giveBack(parts.stream().flatMap(List::stream).toList());
      } else if (processor.hasWaiting()) {
        processor.reconsider();
      }
    } catch (InterruptedException e) {
      if (gate.isStopping()) {
        throw e;
      }
      giveBack(parts.stream().flatMap(List::stream).toList());
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      giveBack(parts.stream().flatMap(List::stream).toList());
      throw e;
    }
  }

  /** What is settled already, the feed leaves alone. */
  private void giveBack(List<Delivery> held) {
    var open = new LinkedHashSet<>(held);
    open.addAll(processor.dismissWaiting());
    if (!open.isEmpty()) {
      progress.giveBack();
      feed.giveBack(List.copyOf(open));
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
    gate.stop();
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
