package dev.freshet.job;

import dev.freshet.ledger.NoteLedger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The jobs in the ledger's notes. A job is changed by replacing the version that was read, so that
 * several instances agree. Calls throw {@link dev.freshet.UnavailableException} while the ledger
 * does not answer.
 */
final class JobNotes {

  private static final String NOTE = "job.";

  /** Lucene writes all notes with each commit, so they must be few. */
  private static final int MOST_ENDED = 20;

  private final NoteLedger notes;

  JobNotes(NoteLedger notes) {
    this.notes = notes;
  }

  /** All jobs, the oldest first. */
  List<Job> all() {
    return notes.startingWith(NOTE).values().stream().map(JobJson::parse).toList();
  }

  Optional<Job> find(String id) {
    return notes.read(NOTE + id).map(JobJson::parse);
  }

  /** Keeps a new job, and forgets the oldest of those that have ended. */
  Job add(Job job) {
    notes.write(NOTE + job.id(), JobJson.format(job));
    List<Job> ended = new ArrayList<>(all().stream().filter(one -> one.state().ended()).toList());
    Collections.reverse(ended);
    ended.stream().skip(MOST_ENDED).forEach(one -> notes.remove(NOTE + one.id()));
    return job;
  }

  /**
   * Changes a job.
   *
   * @param change of the version that is stored; may be called several times
   * @return the job as it is stored now; empty when there is none
   */
  Optional<Job> change(String id, UnaryOperator<Job> change) {
    while (true) {
      Optional<String> stored = notes.read(NOTE + id);
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      Job before = JobJson.parse(stored.get());
      Job after = change.apply(before);
      if (after.equals(before) || notes.replace(NOTE + id, stored.get(), JobJson.format(after))) {
        return Optional.of(after);
      }
    }
  }
}
