package dev.freshet.sink.local;

import dev.freshet.Defect;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.sink.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where large documents are indexed beside the batches, a few at once. Whoever applies such a
 * change is told that it is {@link Outcome.Deferred}, and asks again until it has its outcome. What
 * else changes a document that is under way waits for it, so that no batch waits for its lock.
 */
final class SlowLane implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SlowLane.class);

  private static final int MOST_JOBS = 8;

  /** Of the texts under way beside the largest: each takes some ten times this in memory. */
  private static final long MOST_CHARACTERS = 2_000_000;

  /** Names and outcomes only. */
  private static final int REMEMBERED = 2_000;

  private static final long SECONDS_TO_END = 5;

  private final Function<List<DocumentChange>, List<Outcome>> work;
  private final ExecutorService threads = Executors.newCachedThreadPool(SlowLane::thread);
  private final Set<Job> jobs = new HashSet<>();
  private final Map<Name, Long> waiting = remembered();
  private final Map<Name, Outcome> ended = remembered();
  private final Map<Name, Throwable> failed = remembered();

  /** Tells a change without holding it: one that is delivered again is the same. */
  private record Name(TableId table, @Nullable DocumentId document, String kind, String position) {

    static Name of(DocumentChange change) {
      return new Name(
          change.table(),
          change.document().orElse(null),
          change.getClass().getSimpleName(),
          change.origin().position().sortKey());
    }
  }

  /** Changes of one large document. */
  private static final class Job {
    private final List<DocumentChange> changes;
    private final Set<DocumentId> documents = new HashSet<>();
    private final long characters;

    Job(List<DocumentChange> changes, long characters) {
      this.changes = changes;
      this.characters = characters;
      for (DocumentChange change : changes) {
        change.document().ifPresent(documents::add);
        if (change instanceof Upsert upsert) {
          upsert.movedFrom().ifPresent(documents::add);
        }
      }
    }

    boolean concerns(DocumentChange change) {
      if (change instanceof Truncate) {
        return documents.stream().anyMatch(id -> id.table().equals(change.table()));
      }
      boolean moved =
          change instanceof Upsert upsert
              && upsert.movedFrom().filter(documents::contains).isPresent();
      return moved || change.document().filter(documents::contains).isPresent();
    }
  }

  /**
   * @param work applies changes, however long that takes; called by several threads
   */
  SlowLane(Function<List<DocumentChange>, List<Outcome>> work) {
    this.work = work;
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "large-documents");
    thread.setDaemon(true);
    return thread;
  }

  private static <V> Map<Name, V> remembered() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Name, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /**
   * What is known of a change: its outcome, until that is {@linkplain #forget forgotten}, or that
   * it has to wait. Empty where it may be applied now.
   *
   * @throws UnavailableException when the change was under way, and the store did not answer
   */
  synchronized Optional<Outcome> look(DocumentChange change) {
    Name name = Name.of(change);
    Outcome outcome = ended.get(name);
    if (outcome != null) {
      return Optional.of(outcome);
    }
    Throwable fault = failed.remove(name);
    if (fault instanceof UnavailableException unavailable) {
      throw unavailable;
    }
    if (fault instanceof Error error) {
      throw error;
    }
    Long characters = waiting.get(name);
    boolean waits = characters != null && !hasRoomFor(characters);
    return waits || jobs.stream().anyMatch(job -> job.concerns(change))
        ? Optional.of(new Outcome.Deferred())
        : Optional.empty();
  }

  /** Its outcome was told. */
  synchronized void forget(DocumentChange change) {
    ended.remove(Name.of(change));
  }

  /** Beside the largest document others of a bounded length are under way. */
  private boolean hasRoomFor(long characters) {
    long largest = characters;
    long sum = characters;
    for (Job job : jobs) {
      largest = Math.max(largest, job.characters);
      sum += job.characters;
    }
    return jobs.size() < MOST_JOBS && sum - largest <= MOST_CHARACTERS;
  }

  /** Begins with a large document's changes where there is room, else remembers that they wait. */
  synchronized void defer(List<DocumentChange> changes, long characters) {
    changes.forEach(change -> waiting.put(Name.of(change), characters));
    if (!hasRoomFor(characters)) {
      return;
    }
    var job = new Job(changes, characters);
    jobs.add(job);
    try {
      threads.execute(() -> run(job));
    } catch (RejectedExecutionException e) {
      jobs.remove(job);
      throw new UnavailableException("the sink is closed", e);
    }
  }

  private void run(Job job) {
    try {
      end(job, isolated(job.changes));
    } catch (Throwable e) {
      fail(job, e);
    }
  }

  /** A change that shows a defect takes no other one along. */
  private List<Outcome> isolated(List<DocumentChange> changes) {
    Outcome.Rejected rejected;
    try {
      return work.apply(changes);
    } catch (UnavailableException e) {
      throw e;
    } catch (RejectedException e) {
      rejected = new Outcome.Rejected(e.reason(), e.detail());
    } catch (Throwable e) {
      Defect.requireSurvivable(e);
      LOG.error("A large document of {} fails in the sink", changes.get(0).table(), e);
      rejected =
          new Outcome.Rejected(
              RejectionReason.INTERNAL_ERROR,
              "the sink fails with " + e.getClass().getSimpleName() + "; the log has the trace");
    }
    if (changes.size() == 1) {
      return List.of(rejected);
    }
    var outcomes = new ArrayList<Outcome>();
    changes.forEach(change -> outcomes.addAll(isolated(List.of(change))));
    return outcomes;
  }

  private synchronized void end(Job job, List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      ended.put(Name.of(job.changes.get(i)), outcomes.get(i));
    }
    leave(job);
  }

  private synchronized void fail(Job job, Throwable fault) {
    job.changes.forEach(change -> failed.put(Name.of(change), fault));
    leave(job);
  }

  private void leave(Job job) {
    job.changes.forEach(change -> waiting.remove(Name.of(change)));
    jobs.remove(job);
  }

  /** What is under way is given up, unless it ends at once. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        LOG.warn("A large document is still being indexed while the service stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
