package dev.freshet.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job, as the ledger keeps it. Nobody changes it but by replacing the version that was read.
 *
 * @param id short, unique, in the order of creation
 * @param request what was asked for: JSON, in the kind's own form
 * @param startedAt when its first step began; null before
 * @param endedAt null while it has not ended
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
    @Nullable String problem,
    @Nullable Lease lease) {

  static Job queued(String id, JobKind kind, JsonNode request, Instant now) {
    return new Job(id, kind, request, JobState.QUEUED, now, null, null, Progress.START, null, null);
  }

  /** It waits for its turn again. */
  Job queued() {
    return new Job(
        id, kind, request, JobState.QUEUED, createdAt, startedAt, null, progress, null, null);
  }

  /** It runs, as far as this process knows. */
  Job running(Lease by, Instant now) {
    Instant first = startedAt == null ? now : startedAt;
    return new Job(id, kind, request, JobState.RUNNING, createdAt, first, null, progress, null, by);
  }

  Job paused() {
    return new Job(
        id, kind, request, JobState.PAUSED, createdAt, startedAt, null, progress, null, lease);
  }

  Job waiting(String why) {
    return new Job(
        id, kind, request, JobState.WAITING, createdAt, startedAt, null, progress, why, lease);
  }

  Job ended(JobState as, @Nullable String why, Instant now) {
    return new Job(id, kind, request, as, createdAt, startedAt, now, progress, why, null);
  }

  Job with(Progress newer) {
    return new Job(id, kind, request, state, createdAt, startedAt, endedAt, newer, problem, lease);
  }

  Job with(@Nullable Lease by) {
    return new Job(id, kind, request, state, createdAt, startedAt, endedAt, progress, problem, by);
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
