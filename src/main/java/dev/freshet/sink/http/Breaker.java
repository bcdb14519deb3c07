package dev.freshet.sink.http;

import dev.freshet.DurationText;
import dev.freshet.UnavailableException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a service alone that keeps failing. A call fails when there is no answer, or one of 500
 * and above; whatever is below, the service is alive to say it.
 */
final class Breaker {

  private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

  /** What a call waits for while others try whether the service is back. */
  private static final Duration TRIAL = Duration.ofMillis(100);

  private static final int SERVER_ERROR = 500;

  private final CircuitBreaker breaker;
  private final BreakerConfiguration configuration;
  private final Clock clock;
  private volatile Instant opened = Instant.EPOCH;
  private volatile String lastFailure = "";

  Breaker(BreakerConfiguration configuration, Clock clock) {
    this.configuration = configuration;
    this.clock = clock;
    this.breaker =
        CircuitBreaker.of(
            "llamaindex",
            CircuitBreakerConfig.custom()
                .failureRateThreshold(100)
                .slidingWindowSize(configuration.failures())
                .minimumNumberOfCalls(configuration.failures())
                .waitDurationInOpenState(configuration.open())
                .permittedNumberOfCallsInHalfOpenState(configuration.trials())
                .clock(clock)
                .build());
    breaker.getEventPublisher().onStateTransition(this::changed);
  }

  private void changed(CircuitBreakerOnStateTransitionEvent event) {
    State state = event.getStateTransition().getToState();
    if (state == State.OPEN) {
      opened = clock.instant();
      LOG.warn(
          "The LlamaIndex service is left alone for {}: {}",
          DurationText.of(configuration.open()),
          lastFailure);
    } else {
      LOG.info(
          state == State.CLOSED
              ? "The LlamaIndex service answers again"
              : "Trying whether the LlamaIndex service answers");
    }
  }

  /**
   * Makes a call, where calls are made now.
   *
   * @param call names the request in the failure
   * @throws UnavailableException at once when none is made; it says when the next one is
   */
  <T> HttpResponse<T> call(String call, Supplier<HttpResponse<T>> request) {
    if (!breaker.tryAcquirePermission()) {
      throw refused();
    }
    boolean settled = false;
    try {
      HttpResponse<T> response = request.get();
      settled = true;
      if (response.statusCode() >= SERVER_ERROR) {
        failed(new UnavailableException(call + " answers " + response.statusCode()));
      } else {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
      return response;
    } catch (UnavailableException e) {
      // A stop interrupts, which says nothing of the service.
      if (!Thread.currentThread().isInterrupted()) {
        settled = true;
        failed(e);
      }
      throw e;
    } finally {
      if (!settled) {
        breaker.releasePermission();
      }
    }
  }

  private void failed(UnavailableException failure) {
    lastFailure = String.valueOf(failure.getMessage());
    breaker.onError(0, TimeUnit.NANOSECONDS, failure);
  }

  private UnavailableException refused() {
    return refusal()
        .map(refusal -> new UnavailableException(refusal, remaining()))
        .orElseGet(
            () ->
                new UnavailableException(
                    "other calls try whether the LlamaIndex service answers again", TRIAL));
  }

  private Duration remaining() {
    Duration remaining = Duration.between(clock.instant(), until());
    return remaining.compareTo(TRIAL) < 0 ? TRIAL : remaining;
  }

  private Instant until() {
    return opened.plus(configuration.open());
  }

  /** Why no call is made now; empty while calls are made. */
  Optional<String> refusal() {
    return isOpen()
        ? Optional.of(
            "no document is sent until %s, because calls keep failing: %s"
                .formatted(until(), lastFailure))
        : Optional.empty();
  }

  boolean isOpen() {
    return breaker.getState() == State.OPEN;
  }
}
