package dev.freshet.wiring;

import dev.freshet.UnavailableException;
import dev.freshet.feed.DeadLetters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures how many dead letters wait; no number while nobody can tell. */
@Singleton
class DeadLetterGauge {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterGauge.class);

  private final DeadLetters deadLetters;
  private volatile double waiting = Double.NaN;

  DeadLetterGauge(DeadLetters deadLetters, MeterRegistry registry) {
    this.deadLetters = deadLetters;
    Gauge.builder("freshet.dead.letters.waiting", this, gauge -> gauge.waiting)
        .description("Dead letters that wait to be replayed or discarded")
        .register(registry);
  }

  @Scheduled(initialDelay = "1s", fixedDelay = "10s")
  void measure() {
    try {
      waiting = deadLetters.count();
    } catch (UnavailableException e) {
      waiting = Double.NaN;
      LOG.debug("Nobody can tell how many dead letters wait: {}", e.getMessage());
    }
  }
}
