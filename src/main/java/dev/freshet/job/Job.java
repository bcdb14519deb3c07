package dev.freshet.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job, as the ledger keeps it. Nobody changes it but by replacing the version that was read.
 *
 * @param id short, unique, in the order of creation
 * @param request what was asked for: JSON, in the kind's own form
 * @param startedAt when its first step began; null before
 * @param endedAt null while it has not ended
 * @param worked how long its steps have taken, without the time between them
 * @param problem why it waits, or has failed; null while all is well
 * @param lease who runs it; null while nobody does
 */
public record Job(
    String id,
    JobKind kind,
    JsonNode request,
    JobState state,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    Progress progress,
    Duration worked,
    @Nullable String problem,
    @Nullable Lease lease) {

  /** A job of an earlier version does not say how long it has worked. */
  public Job {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(progress, "progress");
    worked = Objects.requireNonNullElse(worked, Duration.ZERO);
  }

  static Job queued(String id, JobKind kind, JsonNode request, Instant now) {
    return new Job(
        id,
        kind,
        request,
        JobState.QUEUED,
        now,
        null,
        null,
        Progress.START,
        Duration.ZERO,
        null,
        null);
  }

  /** It waits for its turn again. */
  Job queued() {
    return in(JobState.QUEUED, startedAt, null, null, null);
  }

  /** It runs, as far as this process knows. */
  Job running(Lease by, Instant now) {
    return in(JobState.RUNNING, startedAt == null ? now : startedAt, null, null, by);
  }

  Job paused() {
    return in(JobState.PAUSED, startedAt, null, null, lease);
  }

  Job waiting(String why) {
    return in(JobState.WAITING, startedAt, null, why, lease);
  }

  Job ended(JobState as, @Nullable String why, Instant now) {
    return in(as, startedAt, now, why, null);
  }

  Job with(@Nullable Lease by) {
    return in(state, startedAt, endedAt, problem, by);
  }

  private Job in(
      JobState other,
      @Nullable Instant started,
      @Nullable Instant ended,
      @Nullable String why,
      @Nullable Lease by) {
    return new Job(id, kind, request, other, createdAt, started, ended, progress, worked, why, by);
  }

  /**
   * @param more how long the step took
   */
  Job with(Progress newer, Duration more) {
    return new Job(
        id,
        kind,
        request,
        state,
        createdAt,
        startedAt,
        endedAt,
        newer,
        worked.plus(more),
        problem,
        lease);
  }

  /** Whether another process than this one runs it. */
  boolean isHeldByAnother(String instance, Instant now) {
    return lease != null && !lease.instance().equals(instance) && lease.until().isAfter(now);
  }

  boolean isHeldBy(String instance) {
    return lease != null && lease.instance().equals(instance);
  }

  /** Whether there is something to do for a runner. */
  boolean isOpen() {
    return !state.ended() && state != JobState.PAUSED;
  }

  /**
   * Who runs a job.
   *
   * @param instance a process
   * @param until when another one may take the job, unless this is renewed
   */
  public record Lease(String instance, Instant until) {}
}
