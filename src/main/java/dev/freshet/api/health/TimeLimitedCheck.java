package dev.freshet.api.health;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A health check that answers in time even while what it asks hangs, and that never asks twice at
 * once, however often it is called.
 */
final class TimeLimitedCheck {

  /** A status call answers within two seconds. */
  static final Duration LIMIT = Duration.ofMillis(1500);

  private static final Logger LOG = LoggerFactory.getLogger(TimeLimitedCheck.class);

  private final String name;
  private final Supplier<Answer> question;
  private final ExecutorService executor;
  private final Duration limit;
  private @Nullable CompletableFuture<Answer> inFlight;

  /**
   * What was found: up or down, and one sentence for people.
   *
   * @param details more of it
   */
  record Answer(boolean up, String description, Map<String, Object> details) {

    Answer {
      details = Map.copyOf(details);
    }

    Answer(boolean up, String description) {
      this(up, description, Map.of());
    }
  }

  TimeLimitedCheck(
      String name, Supplier<Answer> question, ExecutorService executor, Duration limit) {
    this.name = name;
    this.question = question;
    this.executor = executor;
    this.limit = limit;
  }

  Publisher<HealthResult> result() {
    var late = new Answer(false, "no answer within " + limit.toMillis() + " ms");
    return Publishers.fromCompletableFuture(
        () ->
            answer()
                .copy()
                .completeOnTimeout(late, limit.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(this::result));
  }

  private synchronized CompletableFuture<Answer> answer() {
    CompletableFuture<Answer> current = inFlight;
    if (current == null || current.isDone()) {
      current = CompletableFuture.supplyAsync(question, executor).exceptionally(this::failed);
      inFlight = current;
    }
    return current;
  }

  private Answer failed(Throwable failure) {
    LOG.warn("The health check {} failed", name, failure);
    return new Answer(false, "the check failed; the log says why");
  }

  private HealthResult result(Answer answer) {
    var details = new LinkedHashMap<String, Object>();
    details.put("description", answer.description());
    details.putAll(answer.details());
    return HealthResult.builder(name, answer.up() ? HealthStatus.UP : HealthStatus.DOWN)
        .details(details)
        .build();
  }
}
