package dev.freshet.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What another side said last. However many ask and however long it takes to answer, it is asked
 * once at a time, and nobody waits longer than a status call may take.
 */
final class LatestAnswer<T> {

  /** Two of them in a row still leave a call below two seconds. */
  private static final Duration PATIENCE = Duration.ofMillis(800);

  /** Older answers are told as not known, or with their age. */
  private static final Duration RECENT = Duration.ofSeconds(5);

  private final Supplier<Optional<T>> question;
  private final Duration kept;
  private final Executor executor;
  private final Clock clock;
  private @Nullable Answer<T> last;
  private CompletableFuture<Void> asking = CompletableFuture.completedFuture(null);
  private Instant askedAt = Instant.MIN;

  /**
   * An answer, and when it was asked for.
   *
   * @param recent whether it can be told without its age
   */
  record Known<T>(T value, Instant asOf, boolean recent) {}

  private record Answer<T>(T value, Instant asOf) {}

  /**
   * @param question empty, or an exception, where there is no answer
   * @param kept how long an answer is as good as a new one
   */
  LatestAnswer(Supplier<Optional<T>> question, Duration kept, Executor executor, Clock clock) {
    this.question = question;
    this.kept = kept;
    this.executor = executor;
    this.clock = clock;
  }

  /** The newest answer; an old one where none comes in time, which its age tells. */
  Optional<Known<T>> now() {
    CompletableFuture<Void> current = ask();
    Duration left = Duration.between(clock.instant(), deadline());
    current
        .copy()
        .completeOnTimeout(null, Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS)
        .join();
    return last();
  }

  private synchronized CompletableFuture<Void> ask() {
    Instant now = clock.instant();
    boolean fresh = last != null && last.asOf().plus(kept).isAfter(now);
    if (asking.isDone() && !fresh) {
      askedAt = now;
      asking =
          CompletableFuture.supplyAsync(question, executor)
              .exceptionally(failure -> Optional.empty())
              .thenAccept(answer -> answer.ifPresent(value -> keep(new Answer<>(value, now))));
    }
    return asking;
  }

  private synchronized Instant deadline() {
    return askedAt.plus(PATIENCE);
  }

  private synchronized void keep(Answer<T> answer) {
    last = answer;
  }

  private synchronized Optional<Known<T>> last() {
    Instant oldest = clock.instant().minus(RECENT);
    return Optional.ofNullable(last)
        .map(known -> new Known<>(known.value(), known.asOf(), known.asOf().isAfter(oldest)));
  }
}
