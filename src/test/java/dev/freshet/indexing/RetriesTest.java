package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Backoff;
import dev.freshet.UnavailableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetriesTest {

  private final List<Duration> pauses = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private final Retries retries =
      new Retries(
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new Random(1)),
          pauses::add,
          new IndexingMetrics(Signals.of(registry)),
          Clock.systemUTC());

  private String afterFailures(int failures, UnavailableException failure)
      throws InterruptedException {
    var attempts = new AtomicInteger();
    return retries.untilAvailable(
        "The sink",
        () -> {
          if (attempts.incrementAndGet() <= failures) {
            throw failure;
          }
          return "done";
        });
  }

  @Test
  void whatIsDownIsTriedUntilItComesBack() throws InterruptedException {
    assertThat(afterFailures(50, new UnavailableException("down"))).isEqualTo("done");
    assertThat(pauses).hasSize(50);
    assertThat(registry.get("freshet.indexing.failures").counter().count()).isEqualTo(50);
    assertThat(retries.stall()).isEmpty();
  }

  @Test
  void theWaitsGrowWithJitterUpToTheMaximum() throws InterruptedException {
    afterFailures(200, new UnavailableException("down"));
    assertThat(pauses.get(0)).isLessThanOrEqualTo(Duration.ofMillis(100));
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(1)) <= 0);
    assertThat(pauses).anyMatch(pause -> pause.compareTo(Duration.ofMillis(800)) > 0);
    assertThat(pauses.stream().distinct().count()).isGreaterThan(100);
  }

  @Test
  void theOtherSidesOwnWishToWaitIsHonoured() throws InterruptedException {
    afterFailures(1, new UnavailableException("slow down", Duration.ofSeconds(7)));
    assertThat(pauses)
        .singleElement()
        .satisfies(
            pause -> assertThat(pause).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_100)));
  }

  @Test
  void instancesThatAreAskedToWaitDoNotComeBackTogether() throws InterruptedException {
    afterFailures(50, new UnavailableException("slow down", Duration.ofSeconds(7)));
    assertThat(pauses.stream().distinct().count()).isGreaterThan(20);
  }
}
