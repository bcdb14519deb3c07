package dev.freshet.job;

import dev.freshet.Backoff;
import dev.freshet.UnavailableException;
import dev.freshet.job.Job.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job after the other, the oldest first, unless another instance runs one. A job that
 * waits for the source or the index lets the others go first. After a crash, a job goes on from the
 * last step that was kept, here or elsewhere, once its lease has ended.
 */
public final class JobRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(5);
  private static final Duration TO_END = Duration.ofSeconds(5);
  private static final Backoff RETRIES =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20), RandomGenerator.getDefault());

  /** So often a step is tried before the other jobs go first, and for so long they do. */
  private static final int ATTEMPTS = 3;

  private static final Duration ASIDE = Duration.ofSeconds(30);

  private final String instance = UUID.randomUUID().toString();
  private final Jobs jobs;
  private final StepGate gate;
  private final Clock clock;
  private final Thread thread = new Thread(this::run, "freshet-jobs");
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(JobRunner::daemon);

  /** Until when the others go first; for the runner's thread. */
  private final Map<String, Instant> aside = new HashMap<>();

  private final AtomicReference<@Nullable String> current = new AtomicReference<>();
  private volatile boolean closing;
  private final AtomicReference<@Nullable String> takingFault = new AtomicReference<>();
  private final AtomicReference<@Nullable String> renewalFault = new AtomicReference<>();

  /**
   * @param gate while it is closed, the job whose turn it is waits
   */
  public JobRunner(Jobs jobs, StepGate gate, Clock clock) {
    this.jobs = jobs;
    this.gate = gate;
    this.clock = clock;
    thread.setDaemon(true);
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "freshet-job-lease");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins, in the background. */
  public void start() {
    thread.start();
    every(RENEW_EVERY, this::renew);
    every(LOOK_EVERY, this::lookForCancel);
  }

  private void every(Duration pause, Runnable work) {
    var unused =
        renewals.scheduleWithFixedDelay(
            work, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      while (true) {
        Optional<Job> next = take();
        if (next.isPresent()) {
          takingFault.set(null);
          current.set(next.get().id());
          try {
            work(next.get());
          } catch (RuntimeException e) {
            // The ledger is away: the job is taken again.
            LOG.warn("The job {} is interrupted: {}", next.get().id(), e.getMessage());
          } finally {
            current.set(null);
          }
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The job that is this instance's turn; empty where there is none, or another one runs one. */
  private Optional<Job> take() {
    try {
      Instant now = clock.instant();
      List<Job> all = jobs.notes().all();
      if (all.stream().anyMatch(job -> job.isOpen() && job.isHeldByAnother(instance, now))) {
        return Optional.empty();
      }
      aside.values().removeIf(until -> !until.isAfter(now));
      return all.stream()
          .filter(this::canRun)
          .min(Comparator.comparing(job -> aside.getOrDefault(job.id(), Instant.MIN)))
          .flatMap(job -> jobs.notes().change(job.id(), this::takenBy))
          .filter(job -> job.isHeldBy(instance));
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say which jobs there are: {}", e.getMessage());
      return Optional.empty();
    } catch (RuntimeException e) {
      warn("No job can be taken: " + e.getMessage(), takingFault);
      return Optional.empty();
    }
  }

  private boolean canRun(Job job) {
    return job.isOpen() && jobs.work(job.kind()).isPresent();
  }

  /** One that waited says why until a step has succeeded. */
  private Job takenBy(Job job) {
    Instant now = clock.instant();
    if (!job.isOpen() || job.isHeldByAnother(instance, now)) {
      return job;
    }
    return job.state() == JobState.WAITING ? job.with(lease(now)) : job.running(lease(now), now);
  }

  private Lease lease(Instant now) {
    return new Lease(instance, now.plus(LEASE));
  }

  private void renew() {
    String id = current.get();
    if (id == null) {
      return;
    }
    try {
      var unused =
          jobs.notes().change(id, job -> isMine(job) ? job.with(lease(clock.instant())) : job);
      renewalFault.set(null);
    } catch (UnavailableException e) {
      LOG.debug("The lease of the job {} is not renewed: {}", id, e.getMessage());
    } catch (RuntimeException e) {
      warn(
          "The lease of the job %s is not renewed: %s".formatted(id, e.getMessage()), renewalFault);
    }
  }

  /** A step may be long: a large document takes minutes. */
  private void lookForCancel() {
    String id = current.get();
    if (id == null) {
      return;
    }
    try {
      jobs.notes()
          .find(id)
          .filter(job -> job.state() == JobState.CANCELLED)
          .ifPresent(job -> gate.cancel());
    } catch (RuntimeException e) {
      LOG.debug("Whether the job {} is cancelled is not known: {}", id, e.getMessage());
    }
  }

  /** Once for a message: the same is tried again in a moment. */
  private static void warn(String message, AtomicReference<@Nullable String> last) {
    if (!message.equals(last.getAndSet(message))) {
      LOG.warn(message);
    }
  }

  private void work(Job taken) throws InterruptedException {
    LOG.info("The job {} ({}) runs", taken.id(), taken.kind().label());
    JobWork work = jobs.work(taken.kind()).orElseThrow();
    try {
      Job job = taken;
      int failures = 0;
      while (isMine(job)) {
        try {
          gate.begin();
          job = passGate(job);
          if (isMine(job)) {
            Instant begin = clock.instant();
            Progress progress = work.step(job.request(), job.progress());
            job = keep(job.id(), progress, Duration.between(begin, clock.instant()));
          }
          failures = 0;
        } catch (UnavailableException e) {
          if (closing) {
            letGo(job.id());
            return;
          }
          failures++;
          job = waiting(job, String.valueOf(e.getMessage()));
          if (failures >= ATTEMPTS && othersCanRun(job)) {
            job = changed(job.id(), now -> isMine(now) ? now.with((Lease) null) : now);
            aside.put(job.id(), clock.instant().plus(ASIDE));
            return;
          }
          TimeUnit.MILLISECONDS.sleep(RETRIES.delay(failures).toMillis());
        } catch (JobFailedException e) {
          job = failed(job, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
          LOG.error("The job {} has ended by a defect", job.id(), e);
          job = failed(job, "it has ended by a defect of Freshet's; the log has the trace");
        }
      }
      if (job.state() != JobState.FAILED) {
        LOG.info("The job {} ({}) is {}", job.id(), job.kind().label(), job.state().label());
      }
    } catch (InterruptedException e) {
      letGo(taken.id());
      throw e;
    }
  }

  private boolean othersCanRun(Job waiting) {
    return jobs.notes().all().stream()
        .anyMatch(job -> canRun(job) && !job.id().equals(waiting.id()));
  }

  private boolean isMine(Job job) {
    return job.isOpen() && job.isHeldBy(instance);
  }

  /** Waits while the gate is closed. */
  private Job passGate(Job job) throws InterruptedException {
    Optional<String> closed = gate.closedBecause();
    if (closed.isEmpty()) {
      return job;
    }
    Job waits = job;
    while (isMine(waits) && closed.isPresent()) {
      waits = waiting(waits, closed.get());
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      waits = jobs.notes().find(job.id()).orElse(waits);
      closed = gate.closedBecause();
    }
    return changed(
        job.id(), now -> isMine(now) ? now.running(lease(clock.instant()), clock.instant()) : now);
  }

  /** Also of a job that was paused or cancelled during the step: what was done is counted. */
  private Job keep(String id, Progress progress, Duration worked) {
    return changed(
        id,
        job -> {
          Job after = job.with(progress, worked);
          if (job.state().ended()) {
            return after;
          }
          boolean paused = job.state() == JobState.PAUSED;
          if (!paused && !job.isHeldBy(instance)) {
            return job;
          }
          Instant now = clock.instant();
          if (progress.ended()) {
            return after.ended(JobState.DONE, null, now);
          }
          return paused ? after.with((Lease) null) : after.running(lease(now), now);
        });
  }

  private Job waiting(Job job, String why) {
    Job waiting;
    try {
      waiting = changed(job.id(), now -> isMine(now) ? now.waiting(why) : now);
    } catch (UnavailableException e) {
      // The ledger itself is away: the step is repeated all the same.
      waiting = job.waiting(why);
    }
    if (isMine(waiting) && !why.equals(job.problem())) {
      LOG.warn("The job {} waits: {}", job.id(), why);
    }
    return waiting;
  }

  private Job failed(Job job, String why) {
    LOG.warn("The job {} has failed: {}", job.id(), why);
    return changed(
        job.id(),
        now -> now.state().ended() ? now : now.ended(JobState.FAILED, why, clock.instant()));
  }

  private void letGo(String id) {
    try {
      var unused = changed(id, job -> isMine(job) ? job.queued() : job);
    } catch (UnavailableException e) {
      LOG.debug("The job {} is taken again when its lease has ended: {}", id, e.getMessage());
    }
  }

  private Job changed(String id, UnaryOperator<Job> change) {
    return jobs.notes()
        .change(id, change)
        .orElseThrow(() -> new IllegalStateException("the job " + id + " is gone"));
  }

  /** Ends the step in hand, which is repeated another time. */
  @Override
  public void close() {
    closing = true;
    renewals.shutdownNow();
    thread.interrupt();
    try {
      thread.join(TO_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
