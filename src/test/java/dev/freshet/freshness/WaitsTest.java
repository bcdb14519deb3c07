package dev.freshet.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Waits waits = new Waits(2);
  private final AtomicBoolean reached = new AtomicBoolean();

  @Test
  void whatIsTrueAlreadyIsNotWaitedFor() throws Exception {
    reached.set(true);
    assertThat(waits.await(reached::get, LONG)).isCompletedWithValue(true);
    assertThat(waits.count()).isZero();
  }

  @Test
  void aSignalWakesThoseWhoseConditionIsTrue() throws Exception {
    CompletableFuture<Boolean> mine = waits.await(reached::get, LONG);
    CompletableFuture<Boolean> other = waits.await(() -> false, LONG);
    waits.signal();
    assertThat(mine).isNotDone();

    reached.set(true);
    waits.signal();
    assertThat(mine).isCompletedWithValue(true);
    assertThat(other).isNotDone();
    assertThat(waits.count()).isEqualTo(1);
  }

  @Test
  void theTimeIsUp() throws Exception {
    assertThat(waits.await(reached::get, Duration.ofMillis(20)))
        .succeedsWithin(Duration.ofSeconds(10))
        .isEqualTo(false);
    assertThat(waits.count()).isZero();
  }

  @Test
  void whatComesTrueBetweenTheLooksIsNotMissed() throws Exception {
    var looks = new AtomicInteger();
    assertThat(waits.await(() -> looks.incrementAndGet() > 1, LONG)).isCompletedWithValue(true);
  }

  @Test
  void whoeverGivesUpMakesRoom() throws Exception {
    waits.await(reached::get, LONG).complete(false);
    waits.await(reached::get, LONG).complete(false);
    assertThat(waits.count()).isZero();
    assertThat(waits.await(reached::get, LONG)).isNotDone();
  }

  @Test
  void noMoreWaitThanMay() throws Exception {
    CompletableFuture<Boolean> first = waits.await(reached::get, LONG);
    CompletableFuture<Boolean> second = waits.await(reached::get, LONG);
    assertThatExceptionOfType(TooManyWaitersException.class)
        .isThrownBy(() -> waits.await(reached::get, LONG))
        .withMessageContaining("freshet.freshness.max-waiters");

    waits.close();
    assertThat(first).isCompletedWithValue(false);
    assertThat(second).isCompletedWithValue(false);
    assertThat(waits.await(reached::get, LONG)).isCompletedWithValue(false);
  }
}
