package dev.freshet.source.postgresql;

import dev.freshet.source.SourceNudge;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the source commit a transaction with nothing but a logical message. Those who ask while one
 * is on its way share the next; a failure fails nobody's wait.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION">pg_logical_emit_message</a>
 */
final class PostgresNudge implements SourceNudge, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNudge.class);

  /** Transactional, so that its commit flushes it at once. */
  private static final String EMIT = "SELECT pg_logical_emit_message(true, 'freshet', '')";

  private static final Duration SPACING = Duration.ofMillis(50);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(6);

  private final SourceConnection source;
  private final Clock clock;
  private final Counter sent;
  private final Counter failed;
  private final ExecutorService thread;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile long earliest = System.nanoTime();
  private volatile @Nullable Instant lastSent;
  private boolean failing;

  PostgresNudge(SourceConnection source, MeterRegistry registry, Clock clock) {
    this.source = source;
    this.clock = clock;
    this.sent = counter("sent", registry);
    this.failed = counter("failed", registry);
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              var worker = new Thread(work, "freshet-nudge");
              worker.setDaemon(true);
              return worker;
            });
  }

  private static Counter counter(String outcome, MeterRegistry registry) {
    return Counter.builder("freshet.source.nudges")
        .description("Logical messages that waits made the source write")
        .tag("outcome", outcome)
        .register(registry);
  }

  @Override
  public void nudge() {
    if (asked.compareAndSet(false, true)) {
      long delay = Math.max(0, earliest - System.nanoTime());
      CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS, thread).execute(this::send);
    }
  }

  private void send() {
    earliest = System.nanoTime() + SPACING.toNanos();
    // From here on who asks may wait for what this one is too early for.
    asked.set(false);
    Instant before = clock.instant();
    try {
      source.run(
          connection -> {
            try (var statement = connection.createStatement()) {
              return statement.execute(EMIT);
            }
          });
      lastSent = before;
      sent.increment();
      if (failing) {
        failing = false;
        LOG.info("The source can be nudged again");
      }
    } catch (SQLException | RuntimeException e) {
      failed.increment();
      if (!failing) {
        failing = true;
        LOG.warn(
            "The source cannot be nudged, so that a wait on a quiet database ends late"
                + " (freshet.source.url, FRESHET_SOURCE_URL): {}",
            e.getMessage());
      }
    }
  }

  @Override
  public Optional<Instant> lastSent() {
    return Optional.ofNullable(lastSent);
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    source.close();
  }
}
