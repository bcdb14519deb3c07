package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatestAnswerTest {

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch mended = new CountDownLatch(1);
  private volatile boolean hangs;

  private final LatestAnswer<Integer> latest =
      new LatestAnswer<>(this::answer, Duration.ZERO, executor, Clock.systemUTC());

  @AfterEach
  void stop() {
    mended.countDown();
    executor.shutdownNow();
  }

  private Optional<Integer> answer() {
    int count = asked.incrementAndGet();
    if (hangs) {
      try {
        mended.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return Optional.of(count);
  }

  @Test
  void eachCallGetsANewAnswer() {
    assertThat(latest.now().orElseThrow().value()).isEqualTo(1);
    assertThat(latest.now().orElseThrow().value()).isEqualTo(2);
  }

  @Test
  void whileTheOtherSideHangsItIsAskedOnceAndWhatItSaidBeforeIsTold() {
    latest.now();
    hangs = true;
    long started = System.nanoTime();
    for (int call = 0; call < 20; call++) {
      assertThat(latest.now().orElseThrow().value()).isEqualTo(1);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
    assertThat(asked).hasValue(2);

    mended.countDown();
    await().until(() -> latest.now().orElseThrow().value() > 1);
  }

  @Test
  void whatWasNeverAnsweredIsNotKnown() {
    hangs = true;

    assertThat(latest.now()).isEmpty();
  }

  @Test
  void aFailureKeepsWhatWasKnown() {
    var broken =
        new LatestAnswer<Integer>(
            () -> {
              if (asked.incrementAndGet() > 1) {
                throw new IllegalStateException("broken");
              }
              return Optional.of(7);
            },
            Duration.ZERO,
            executor,
            Clock.systemUTC());
    assertThat(broken.now()).isPresent();
    assertThat(broken.now().orElseThrow().value()).isEqualTo(7);
  }
}
