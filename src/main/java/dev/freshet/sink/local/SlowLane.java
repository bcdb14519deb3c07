package dev.freshet.sink.local;

import dev.freshet.Defect;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Operation;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
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

  /** What the thread is at. */
  private static final ThreadLocal<Job> CURRENT = new ThreadLocal<>();

  private final Function<List<DocumentChange>, List<Outcome>> work;
  private final ExecutorService threads = Executors.newCachedThreadPool(SlowLane::thread);
  private final Set<Job> jobs = new HashSet<>();
  private final Map<Name, Long> waiting = remembered();
  private final Map<Name, Outcome> ended = remembered();
  private final Map<Name, Throwable> failed = remembered();

  /** Tells a change without holding it: one that is delivered again is the same. */
  private record Name(
      TableId table,
      @Nullable DocumentId document,
      Operation operation,
      @Nullable Segments rerendered,
      String position) {

    static Name of(DocumentChange change) {
      return new Name(
          change.table(),
          change.document().orElse(null),
          change.operation(),
          change instanceof Rerender rerender ? rerender.segments() : null,
          change.origin().position().sortKey());
    }
  }

  /** Changes of one large document. */
  private static final class Job {
    private final List<DocumentChange> changes;
    private final Set<DocumentId> documents = new HashSet<>();
    private final long characters;
    private volatile boolean abandoned;

    /** A late change under an old key can make the document large that the row moved to. */
    Job(DocumentId large, List<DocumentChange> changes, long characters) {
      this.changes = changes;
      this.characters = characters;
      documents.add(large);
      for (DocumentChange change : changes) {
        change.document().ifPresent(documents::add);
        if (change instanceof Upsert upsert) {
          Optional.ofNullable(upsert.movedFrom()).ifPresent(documents::add);
        }
      }
    }

    boolean concerns(DocumentChange change) {
      if (change instanceof Truncate) {
        return documents.stream().anyMatch(id -> id.table().equals(change.table()));
      }
      boolean moved = change instanceof Upsert upsert && documents.contains(upsert.movedFrom());
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
   * What is known of each change: its outcome, until that is {@linkplain #forget forgotten}, or
   * that it has to wait. Empty where it may be applied now: of those that wait for room, so many as
   * there is room for.
   *
   * @throws UnavailableException when one was under way, and the store did not answer; once,
   *     however many there were
   */
  synchronized List<Optional<Outcome>> look(List<DocumentChange> changes) {
    var room = new Room();
    return changes.stream().map(change -> look(change, room)).toList();
  }

  private Optional<Outcome> look(DocumentChange change, Room room) {
    Name name = Name.of(change);
    Outcome outcome = ended.get(name);
    if (outcome != null) {
      return Optional.of(outcome);
    }
    Throwable fault = failed.remove(name);
    if (fault instanceof UnavailableException unavailable) {
      failed.values().removeIf(UnavailableException.class::isInstance);
      throw unavailable;
    }
    if (fault instanceof Error error) {
      throw error;
    }
    if (jobs.stream().anyMatch(job -> job.concerns(change))) {
      return Optional.of(new Outcome.Deferred());
    }
    Long characters = waiting.get(name);
    return characters == null || room.take(characters)
        ? Optional.empty()
        : Optional.of(new Outcome.Deferred());
  }

  /** Its outcome was told. */
  synchronized void forget(DocumentChange change) {
    ended.remove(Name.of(change));
  }

  /** Beside the largest document others of a bounded length are under way. */
  private final class Room {
    private int count = jobs.size();
    private long sum = jobs.stream().mapToLong(job -> job.characters).sum();
    private long largest = jobs.stream().mapToLong(job -> job.characters).max().orElse(0);

    /** Whether there was room for one more. */
    boolean take(long characters) {
      long most = Math.max(largest, characters);
      if (count >= MOST_JOBS || sum + characters - most > MOST_CHARACTERS) {
        return false;
      }
      count++;
      sum += characters;
      largest = most;
      return true;
    }
  }

  /**
   * Begins with a large document's changes where there is room, else remembers that they wait.
   *
   * @param characters of its text
   */
  synchronized void defer(DocumentId large, List<DocumentChange> changes, long characters) {
    changes.forEach(change -> waiting.put(Name.of(change), characters));
    if (!new Room().take(characters)) {
      return;
    }
    var job = new Job(large, changes, characters);
    jobs.add(job);
    try {
      threads.execute(() -> run(job));
    } catch (RejectedExecutionException e) {
      jobs.remove(job);
      throw new UnavailableException("the sink is closed", e);
    }
  }

  private void run(Job job) {
    CURRENT.set(job);
    try {
      end(job, isolated(job.changes));
    } catch (Throwable e) {
      fail(job, e);
    } finally {
      CURRENT.remove();
    }
  }

  /**
   * To be called between the steps of the work.
   *
   * @throws UnavailableException when it was given up
   */
  void requireWanted() {
    Job job = CURRENT.get();
    if (job != null && job.abandoned) {
      throw new UnavailableException("the large document is given up; its message comes again");
    }
  }

  /**
   * Gives up what is under way, and forgets what became of the rest: the messages come again, and
   * find the store as it is then. What a job has begun to commit it ends.
   */
  synchronized void abandon() {
    jobs.forEach(job -> job.abandoned = true);
    waiting.clear();
    ended.clear();
    failed.clear();
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
    for (int i = 0; i < outcomes.size() && !job.abandoned; i++) {
      ended.put(Name.of(job.changes.get(i)), outcomes.get(i));
    }
    leave(job);
  }

  private synchronized void fail(Job job, Throwable fault) {
    if (!job.abandoned) {
      job.changes.forEach(change -> failed.put(Name.of(change), fault));
    }
    leave(job);
  }

  private void leave(Job job) {
    job.changes.forEach(change -> waiting.remove(Name.of(change)));
    jobs.remove(job);
  }

  /** What is under way is given up. No thread is interrupted: Lucene would close its index. */
  @Override
  public void close() {
    abandon();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        LOG.warn("A large document is still being indexed while the service stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
