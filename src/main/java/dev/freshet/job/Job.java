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

  /**
   * Who runs a job.
   *
   * @param instance a process
   * @param until when another one may take the job, unless this is renewed
   */
  public record Lease(String instance, Instant until) {}
}
