package dev.freshet.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.Backoff;
import dev.freshet.UnavailableException;
import dev.freshet.document.DocumentChange;
import dev.freshet.sink.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryingSinkTest {

  private static final Outcome DONE = new Outcome.Deleted();
  private static final List<DocumentChange> CHANGES = List.of(ScriptedSink.delete(1));

  private final List<Duration> pauses = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private RetryingSink sink(int failures, UnavailableException failure) {
    var attempts = new AtomicInteger();
    var scripted =
        new ScriptedSink(
            batch -> {
              if (attempts.incrementAndGet() <= failures) {
                throw failure;
              }
              return ScriptedSink.each(batch, DONE);
            });
    var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new Random(1));
    return new RetryingSink(
        new IsolatingSink(scripted), backoff, pauses::add, new IndexingMetrics(registry));
  }

  @Test
  void aSinkThatIsDownIsTriedUntilItComesBack() throws InterruptedException {
    RetryingSink sink = sink(50, new UnavailableException("down"));
    assertThat(sink.apply(CHANGES)).containsExactly(DONE);
    assertThat(pauses).hasSize(50);
    assertThat(registry.get("freshet.sink.failures").counter().count()).isEqualTo(50);
    assertThat(sink.failure()).isEmpty();
  }

  @Test
  void theWaitsGrowWithJitterUpToTheMaximum() throws InterruptedException {
    sink(200, new UnavailableException("down")).apply(CHANGES);
    assertThat(pauses.get(0)).isLessThanOrEqualTo(Duration.ofMillis(100));
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(1)) <= 0);
    assertThat(pauses).anyMatch(pause -> pause.compareTo(Duration.ofMillis(800)) > 0);
    assertThat(pauses.stream().distinct().count()).isGreaterThan(100);
  }

  @Test
  void theSinksOwnWishToWaitIsHonoured() throws InterruptedException {
    sink(1, new UnavailableException("slow down", Duration.ofSeconds(7))).apply(CHANGES);
    assertThat(pauses).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void nothingToApplyAsksNoSink() throws InterruptedException {
    assertThat(sink(1, new UnavailableException("down")).apply(List.of())).isEmpty();
    assertThat(pauses).isEmpty();
  }
}
