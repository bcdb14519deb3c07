package dev.freshet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.job.Job;
import dev.freshet.job.JobKind;
import dev.freshet.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls on jobs answer. */
final class JobAnswers {

  private JobAnswers() {}

  /** All jobs, the newest first. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record JobList(List<JobAnswer> jobs) {}

  /**
   * A job.
   *
   * @param perSecond rows or documents a second while it works; null before the first step
   * @param remainingSeconds about; null where it is not known
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record JobAnswer(
      String id,
      JobKind kind,
      JsonNode request,
      JobState state,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      long done,
      @Nullable Long total,
      @Nullable Double perSecond,
      @Nullable Long remainingSeconds,
      Map<String, Long> counts,
      JsonNode report,
      @Nullable String problem) {

    static JobAnswer of(Job job) {
      long done = job.progress().done();
      Long total = total(job);
      Double perSecond = perSecond(job);
      Long remaining =
          job.state() == JobState.RUNNING && total != null && perSecond != null && perSecond > 0
              ? (Long) (long) Math.ceil(Math.max(0, total - done) / perSecond)
              : null;
      return new JobAnswer(
          job.id(),
          job.kind(),
          job.request(),
          job.state(),
          job.createdAt(),
          job.startedAt(),
          job.endedAt(),
          done,
          total,
          perSecond,
          remaining,
          job.progress().counts(),
          job.progress().report(),
          job.problem());
    }

    /** An estimate that was passed says nothing of what is left. */
    private static @Nullable Long total(Job job) {
      Long total = job.progress().total();
      boolean passed = total != null && job.progress().done() >= total && !job.progress().ended();
      return passed && job.progress().done() > 0 ? null : total;
    }

    private static @Nullable Double perSecond(Job job) {
      long millis = job.worked().toMillis();
      return millis == 0
          ? null
          : (Double) (Math.round(job.progress().done() * 10_000.0 / millis) / 10.0);
    }
  }
}
