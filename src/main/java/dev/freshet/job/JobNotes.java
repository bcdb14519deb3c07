package dev.freshet.job;

import dev.freshet.OneLine;
import dev.freshet.ledger.NoteLedger;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs in the ledger's notes. A job is changed by replacing the version that was read, so that
 * several instances agree. Calls throw {@link dev.freshet.UnavailableException} while the ledger
 * does not answer.
 */
final class JobNotes {

  private static final Logger LOG = LoggerFactory.getLogger(JobNotes.class);
  private static final String NOTE = "job.";

  /** Lucene writes all notes with each commit, so they must be few. */
  private static final int MOST_ENDED = 20;

  private final NoteLedger notes;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

  JobNotes(NoteLedger notes) {
    this.notes = notes;
  }

  /** All jobs that this version knows, the oldest first. */
  List<Job> all() {
    return notes.startingWith(NOTE).entrySet().stream()
        .flatMap(note -> readable(note.getKey(), note.getValue()).stream())
        .toList();
  }

  private Optional<Job> readable(String name, String text) {
    try {
      return Optional.of(JobJson.parse(text));
    } catch (UncheckedIOException e) {
      if (unreadable.add(name)) {
        LOG.warn(
            "The note {} is no job that this version knows, and is left out: {}",
            name,
            OneLine.of(String.valueOf(e.getCause())));
      }
      return Optional.empty();
    }
  }

  Optional<Job> find(String id) {
    return notes.read(NOTE + id).flatMap(text -> readable(NOTE + id, text));
  }

  /**
   * Keeps a new job, and forgets some of those that have ended: first those that were done again
   * since, as checks on a schedule are, and then the oldest.
   */
  Job add(Job job) {
    notes.write(NOTE + job.id(), JobJson.format(job));
    List<Job> ended = new ArrayList<>(all().stream().filter(one -> one.state().ended()).toList());
    Collections.reverse(ended);
    var requests = new HashSet<List<Object>>();
    Map<Boolean, List<Job>> byAge =
        ended.stream()
            .collect(
                Collectors.partitioningBy(
                    one -> requests.add(List.of(one.kind(), one.request(), one.state()))));
    Stream.of(true, false)
        .flatMap(latest -> byAge.getOrDefault(latest, List.of()).stream())
        .skip(MOST_ENDED)
        .forEach(one -> notes.remove(NOTE + one.id()));
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
      Optional<Job> before = stored.flatMap(text -> readable(NOTE + id, text));
      if (stored.isEmpty() || before.isEmpty()) {
        return Optional.empty();
      }
      Job after = change.apply(before.get());
      if (after.equals(before.get())
          || notes.replace(NOTE + id, stored.get(), JobJson.format(after))) {
        return Optional.of(after);
      }
    }
  }
}
