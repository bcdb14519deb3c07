package dev.freshet.canary;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the probes ended. */
public final class CanaryState {

  private static final Logger LOG = LoggerFactory.getLogger(CanaryState.class);

  private static final Duration[] BUCKETS =
      Stream.of(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Timer timer;
  private final Clock clock;
  private volatile Optional<Last> last = Optional.empty();

  /**
   * The last probe.
   *
   * @param description one sentence
   */
  public record Last(boolean failed, Instant at, String description) {}

  CanaryState(MeterRegistry registry, Clock clock) {
    this.clock = clock;
    this.timer =
        Timer.builder("freshet.canary")
            .description("From the commit of a probe row until a search finds it")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("freshet.canary.failing", this, state -> state.isFailing() ? 1 : 0)
        .description("1 when the last probe row was not found in time, or not written")
        .register(registry);
  }

  void succeeded(Duration took) {
    timer.record(took);
    boolean mended = isFailing();
    String description = "a probe row was found %d ms after its commit".formatted(took.toMillis());
    last = Optional.of(new Last(false, clock.instant(), description));
    if (mended) {
      LOG.warn("The canary lives again: {}", description);
    }
  }

  void failed(String why) {
    boolean news = !isFailing();
    last = Optional.of(new Last(true, clock.instant(), why));
    if (news) {
      LOG.warn("The canary fails: {}", why);
    }
  }

  private boolean isFailing() {
    return last.filter(Last::failed).isPresent();
  }

  /** Empty until the first probe has ended. */
  public Optional<Last> last() {
    return last;
  }
}
