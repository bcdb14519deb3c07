package dev.freshet.capture;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.format.Json;
import io.debezium.engine.format.KeyValueHeaderChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of Debezium's engine, on a thread of its own, until it fails or is closed. */
final class EngineRun implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EngineRun.class);
  private static final long CLOSE_ATTEMPT_MILLIS = 100;

  private final DebeziumEngine<ChangeEvent<String, String>> engine;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable String failure;

  EngineRun(Properties settings, ChangeConsumer<ChangeEvent<String, String>> consumer) {
    this.engine =
        DebeziumEngine.create(
                KeyValueHeaderChangeEventFormat.of(Json.class, Json.class, Json.class))
            .using(settings)
            .using(
                (success, message, error) -> {
                  if (!success) {
                    LOG.debug("Debezium's engine has failed", error);
                    failure = reason(message, error);
                  }
                })
            .notifying(consumer)
            .build();
    this.thread = new Thread(this::run, "freshet-capture-engine");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      engine.run();
    } catch (RuntimeException e) {
      failure = reason(e.getMessage(), e);
    } finally {
      ended.countDown();
    }
  }

  /** What the innermost cause says; Debezium wraps it in its own words. */
  private static String reason(@Nullable String message, @Nullable Throwable error) {
    Throwable cause = error;
    while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause == null || cause.getMessage() == null
        ? String.valueOf(message)
        : cause.getMessage();
  }

  /** Waits for the end, at most so long. */
  boolean hasEnded(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why it ended by itself; empty where it did not, or nobody said. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** Returns when the engine has let go of the source; an engine that starts is let finish that. */
  @Override
  public void close() {
    boolean interrupted = false;
    while (ended.getCount() > 0) {
      try {
        engine.close();
      } catch (IllegalStateException | IOException e) {
        LOG.debug("Debezium's engine cannot be closed now: {}", e.getMessage());
      }
      try {
        hasEnded(Duration.ofMillis(CLOSE_ATTEMPT_MILLIS));
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
