package dev.freshet.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.ledger.NoteLedger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where jobs are asked for, looked at, paused, resumed and cancelled; any instance answers. Calls
 * throw {@link dev.freshet.UnavailableException} while the ledger, or what a request needs, does
 * not answer.
 */
public final class Jobs {

  private static final DateTimeFormatter BY_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmssSSS").withZone(ZoneOffset.UTC);

  /** So many jobs wait at most: somebody may ask again and again. */
  private static final int MOST_OPEN = 100;

  private final JobNotes notes;
  private final Map<JobKind, JobWork> works = new EnumMap<>(JobKind.class);
  private final Clock clock;

  public Jobs(NoteLedger notes, Collection<? extends JobWork> works, Clock clock) {
    this.notes = new JobNotes(notes);
    works.forEach(work -> this.works.put(work.kind(), work));
    this.clock = clock;
  }

  /**
   * Begins a job, or queues it behind those that are there.
   *
   * @throws JobFailedException when it cannot be done; the message says how to mend the request
   */
  public Job start(JobKind kind, JsonNode request) throws JobFailedException {
    JobWork work = works.get(kind);
    if (work == null) {
      throw new JobFailedException(
          "a %s reads the source; set freshet.source.url (FRESHET_SOURCE_URL) to"
                  .formatted(kind.label())
              + " jdbc:postgresql://host:5432/database");
    }
    work.require(request);
    List<Job> open = notes.all().stream().filter(job -> !job.state().ended()).toList();
    Optional<Job> same =
        open.stream()
            .filter(job -> job.kind() == kind && job.request().equals(request))
            .findFirst();
    if (same.isPresent()) {
      throw new JobFailedException(
          "the same %s is there already: %s is %s"
              .formatted(kind.label(), same.get().id(), same.get().state().label()));
    }
    if (open.size() >= MOST_OPEN) {
      throw new JobFailedException(
          "%d jobs wait already; cancel some of GET /jobs, or try again later"
              .formatted(open.size()));
    }
    Instant now = clock.instant();
    String id = BY_TIME.format(now) + "-" + UUID.randomUUID().toString().substring(0, 4);
    return notes.add(Job.queued(id, kind, request, now));
  }

  /** The newest first. */
  public List<Job> all() {
    var all = new ArrayList<>(notes.all());
    Collections.reverse(all);
    return all;
  }

  public Optional<Job> find(String id) {
    return notes.find(id);
  }

  /** Its runner ends the step that it is at. */
  public Optional<Job> pause(String id) {
    return notes.change(id, job -> job.isOpen() ? job.paused() : job);
  }

  /** One that has failed goes on where it was, too: what has failed may be mended. */
  public Optional<Job> resume(String id) {
    return notes.change(
        id,
        job ->
            job.state() == JobState.PAUSED || job.state() == JobState.FAILED ? job.queued() : job);
  }

  /** What it has done stays. */
  public Optional<Job> cancel(String id) {
    return notes.change(
        id,
        job -> job.state().ended() ? job : job.ended(JobState.CANCELLED, null, clock.instant()));
  }

  JobNotes notes() {
    return notes;
  }

  Optional<JobWork> work(JobKind kind) {
    return Optional.ofNullable(works.get(kind));
  }
}
