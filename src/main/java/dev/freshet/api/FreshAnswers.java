package dev.freshet.api;

import dev.freshet.UnavailableException;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import dev.freshet.document.DocumentId;
import dev.freshet.freshness.CommitWaits;
import dev.freshet.freshness.FreshnessMonitor;
import dev.freshet.freshness.TooManyWaitersException;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpStatus;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Answers once the index is as fresh as the request wants it. A wait costs no thread. */
@Singleton
final class FreshAnswers {

  private static final Duration SOON = Duration.ofSeconds(1);

  /** Looks an answer up; the freshness is as of right before. */
  @FunctionalInterface
  public interface Lookup<T> {
    T answer(FreshnessBlock freshness) throws Exception;
  }

  private final FreshnessMonitor monitor;
  private final CommitWaits commits;
  private final UnroutedWatch unrouted;
  private final LateAnswers late;
  private final ExecutorService executor;

  FreshAnswers(
      FreshnessMonitor monitor,
      CommitWaits commits,
      UnroutedWatch unrouted,
      LateAnswers late,
      @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.monitor = monitor;
    this.commits = commits;
    this.unrouted = unrouted;
    this.late = late;
    this.executor = executor;
  }

  /** How fresh the index is now. */
  public FreshnessBlock now() {
    return FreshnessBlock.of(monitor.now(), unrouted.note());
  }

  /**
   * Waits, and looks the answer up. The future ends with a {@link ProblemException} of status 504
   * when the time is up.
   *
   * @param document whose change the transaction made; null where none is asked for
   * @throws ProblemException of status 429 when too many wait
   */
  public <T> CompletableFuture<T> answer(
      WaitRequest wait, @Nullable DocumentId document, Lookup<T> lookup) {
    CompletableFuture<Boolean> reached = reached(wait, document);
    if (reached.isDone()) {
      return reached.thenApply(inTime -> answer(inTime, wait, lookup));
    }
    // Another thread looks up than the one that took the request.
    PropagatedContext request = PropagatedContext.getOrEmpty();
    return reached.thenApplyAsync(
        inTime -> request.propagate(() -> answer(inTime, wait, lookup)), executor);
  }

  private <T> T answer(boolean inTime, WaitRequest wait, Lookup<T> lookup) {
    if (!inTime && !wait.takeStale()) {
      throw commits.hasEnded() ? ended() : new ProblemException(late.problem(wait));
    }
    return look(lookup);
  }

  private static ProblemException ended() {
    String detail =
        "Freshet is shutting down, so the wait has ended; ask again, or ask another instance";
    return new ProblemException(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, detail), SOON);
  }

  private <T> T look(Lookup<T> lookup) {
    try {
      return lookup.answer(now());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private CompletableFuture<Boolean> reached(WaitRequest wait, @Nullable DocumentId document) {
    List<CompletableFuture<Boolean>> waits = new ArrayList<>();
    try {
      if (wait.minLsn() != null) {
        waits.add(commits.awaitCommit(wait.minLsn(), wait.timeout()));
      }
      if (wait.txId() != null && document != null) {
        waits.add(commits.awaitTransaction(document, wait.txId(), wait.timeout()));
      }
    } catch (TooManyWaitersException e) {
      waits.forEach(started -> started.complete(false));
      String detail = String.valueOf(e.getMessage());
      throw new ProblemException(Problem.of(HttpStatus.TOO_MANY_REQUESTS, detail), SOON);
    } catch (UnavailableException e) {
      waits.forEach(started -> started.complete(false));
      throw e;
    }
    ClientConnection.ofRequest()
        .ifPresent(client -> waits.forEach(started -> client.endWithIt(started, false)));
    return waits.stream()
        .reduce((one, other) -> one.thenCombine(other, Boolean::logicalAnd))
        .orElseGet(() -> CompletableFuture.completedFuture(true));
  }
}
