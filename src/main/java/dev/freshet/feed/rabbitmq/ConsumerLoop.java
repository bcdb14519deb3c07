package dev.freshet.feed.rabbitmq;

import com.rabbitmq.client.AMQP;
import dev.freshet.Backoff;
import dev.freshet.feed.ArrivalClock;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedStatus;
import dev.freshet.feed.Inbox;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps consuming: one thread connects, makes the topology ready, consumes, and, whatever ends
 * that, waits and begins anew.
 */
final class ConsumerLoop {

  private static final Logger log = LoggerFactory.getLogger(ConsumerLoop.class);
  private static final String CONNECTION_NAME = "freshet-consumer";

  /** So that a replaced instance is followed within seconds. */
  private static final int MOST_FAILURES_IN_USE = 3;

  private final Broker broker;
  private final Topology topology;
  private final RabbitmqConfiguration configuration;
  private final Inbox<RabbitmqDelivery> inbox;
  private final ArrivalClock clock;
  private final PrefetchWindow prefetch;
  private final Conservation conservation;
  private final SoleConsumer sole;
  private final Backoff backoff;
  private final Thread thread = new Thread(this::run, CONNECTION_NAME);

  private volatile FeedStatus status = new FeedStatus(false, "not started");
  private @Nullable ConsumerSession session;
  private boolean receiving = true;
  private boolean queueWasThere;
  private volatile boolean paused;
  private @Nullable String lastMismatch;
  private List<String> lastRemarks = List.of();

  ConsumerLoop(
      Broker broker,
      Topology topology,
      RabbitmqConfiguration configuration,
      Inbox<RabbitmqDelivery> inbox,
      Conservation conservation,
      SoleConsumer sole,
      ArrivalClock clock) {
    this.broker = broker;
    this.topology = topology;
    this.configuration = configuration;
    this.inbox = inbox;
    this.conservation = conservation;
    this.sole = sole;
    this.clock = clock;
    this.prefetch = new PrefetchWindow(configuration.prefetch(), configuration.prefetchBytes());
    RandomGenerator jitter = new Random();
    this.backoff = new Backoff(configuration.retryDelay(), configuration.maxRetryDelay(), jitter);
    thread.setDaemon(true);
  }

  synchronized void start() {
    if (receiving && thread.getState() == Thread.State.NEW) {
      status = new FeedStatus(false, "connecting to RabbitMQ at " + broker.address());
      thread.start();
    }
  }

  /** How many messages are asked for in advance now. */
  int prefetch() {
    return prefetch.count();
  }

  FeedStatus status() {
    return status;
  }

  /** Cancels the consumer and keeps the connection; what was not taken goes back to the queue. */
  void pause() {
    paused = true;
    follow();
  }

  void resume() {
    paused = false;
    follow();
  }

  /**
   * Cancels the consumer and keeps what has come, where giving it back would count against it.
   *
   * @return whether there may be anything to take
   */
  boolean drain() {
    return current().map(ConsumerSession::drain).orElse(false);
  }

  /** The calls may come from several threads: each session sees the newest wish in the end. */
  private void follow() {
    Optional<ConsumerSession> current;
    synchronized (this) {
      current = current();
      if (receiving && current.isPresent()) {
        status = connected();
      }
    }
    current.ifPresent(open -> open.follow(() -> !paused));
  }

  /** How many messages are not settled. */
  int held() {
    return current().map(ConsumerSession::held).orElse(0);
  }

  /** Since when nobody else holds messages of the queue; empty while that is not known. */
  Optional<Instant> aloneSince() {
    return current().flatMap(ConsumerSession::aloneSince);
  }

  /** What waits in the queues; empty while there is no connection. */
  Optional<Backlog> backlog() {
    return current()
        .flatMap(open -> open.backlog(configuration.queue(), configuration.deadLetterQueue()));
  }

  private synchronized Optional<ConsumerSession> current() {
    return Optional.ofNullable(session);
  }

  /** Cancels the consumer and connects no more; what was taken can still be acknowledged. */
  void stop() {
    retire("stopped receiving").ifPresent(ConsumerSession::cancel);
  }

  /** What is unacknowledged goes back to the queue. */
  void close() {
    retire("closed").ifPresent(last -> last.close(configuration.timeout()));
    thread.interrupt();
  }

  private synchronized Optional<ConsumerSession> retire(String description) {
    receiving = false;
    status = new FeedStatus(false, description);
    inbox.close();
    return Optional.ofNullable(session);
  }

  private synchronized boolean isReceiving() {
    return receiving;
  }

  private void run() {
    int failures = 0;
    while (isReceiving()) {
      long started = System.nanoTime();
      Throwable reason = consumeUntilItEnds();
      boolean lasted = System.nanoTime() - started > configuration.maxRetryDelay().toNanos();
      failures = lasted ? 1 : failures + 1;
      if (reason instanceof QueueInUseException) {
        failures = Math.min(failures, MOST_FAILURES_IN_USE);
      }
      if (!isReceiving() || !awaitNextAttempt(reason, backoff.delay(failures))) {
        return;
      }
    }
  }

  /** Any fault at all: a thread that ended here would end the feed without a word. */
  private Throwable consumeUntilItEnds() {
    try {
      ConsumerSession current = open();
      if (!adopt(current)) {
        current.close(configuration.timeout());
        return new IOException("stopped");
      }
      current.follow(() -> !paused);
      log.info(
          "Connected to RabbitMQ at {}, {} queue {}",
          broker.address(),
          paused ? "paused, not consuming" : "consuming",
          configuration.queue());
      remark(current.layout().remarks());
      Throwable reason = current.awaitEnd();
      lookForTheQueue(reason);
      current.close(configuration.timeout());
      return reason;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    } catch (Throwable e) {
      return e;
    }
  }

  /** The queue was there as long as the session was; the broker says so only to a consumer. */
  private void lookForTheQueue(Throwable reason) {
    boolean missing = BrokerFault.hasCode(reason, AMQP.NOT_FOUND);
    if (missing) {
      conservation.queueDeleted(clock.next());
    }
    queueWasThere = !missing && !(reason instanceof QueueDeletedException);
  }

  private ConsumerSession open() throws IOException, TimeoutException {
    Link link = broker.open(CONNECTION_NAME, new DirectExecutor());
    try {
      if (queueWasThere && !new Inspector(link.connection()).queueExists(configuration.queue())) {
        conservation.queueDeleted(clock.next());
        queueWasThere = false;
      }
      Layout layout = topology.prepare(link.connection());
      ConsumerSession opened =
          new ConsumerSession(
              link, layout, configuration, inbox, clock, prefetch, conservation, sole);
      if (!paused) {
        opened.consume();
      }
      return opened;
    } catch (IOException | TimeoutException | RuntimeException e) {
      link.close(configuration.timeout());
      throw e;
    }
  }

  private synchronized boolean adopt(ConsumerSession current) {
    if (receiving) {
      session = current;
      lastMismatch = null;
      status = connected();
    }
    return receiving;
  }

  private FeedStatus connected() {
    return new FeedStatus(
        true,
        (paused
                ? "connected to RabbitMQ at %s, not consuming queue %s: paused"
                : "connected to RabbitMQ at %s, consuming queue %s")
            .formatted(broker.address(), configuration.queue()),
        null,
        current().map(open -> open.layout().remarks()).orElse(List.of()));
  }

  /** Once, not at each connection. */
  private void remark(List<String> remarks) {
    if (!remarks.equals(lastRemarks)) {
      remarks.forEach(remark -> log.warn("RabbitMQ at {}: {}", broker.address(), remark));
      lastRemarks = remarks;
    }
  }

  /** Returns false when interrupted. */
  private boolean awaitNextAttempt(Throwable reason, Duration delay) {
    String fault = BrokerFault.describe(reason, broker);
    inbox.removeIf(delivery -> !delivery.isLive());
    synchronized (this) {
      if (receiving) {
        session = null;
        status = new FeedStatus(false, "RabbitMQ at %s: %s".formatted(broker.address(), fault));
      }
    }
    report(reason, fault, delay);
    try {
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void report(Throwable reason, String fault, Duration delay) {
    boolean isMismatch = reason instanceof TopologyMismatchException;
    if (isMismatch && !fault.equals(lastMismatch)) {
      log.error("Nothing is consumed from RabbitMQ at {}: {}", broker.address(), fault);
    } else if (!isMismatch) {
      log.warn(
          "No connection to RabbitMQ at {}: {}. Next attempt in {} ms",
          broker.address(),
          fault,
          delay.toMillis());
    }
    lastMismatch = isMismatch ? fault : null;
  }
}
