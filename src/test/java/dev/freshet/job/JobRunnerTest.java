package dev.freshet.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
import dev.freshet.support.ForwardingNotes;
import dev.freshet.support.InMemoryNotes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JobRunnerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FaultyNotes notes = new FaultyNotes();
  private final OneStep work = new OneStep();
  private final StepGate gate = new StepGate(Optional::empty);
  private final Jobs jobs = new Jobs(notes, List.of(work), Clock.systemUTC());

  /** Its first step is its last one; something may happen meanwhile. */
  private static final class OneStep implements JobWork {

    private final AtomicInteger steps = new AtomicInteger();
    private volatile Runnable meanwhile = () -> {};

    @Override
    public JobKind kind() {
      return JobKind.REINDEX;
    }

    @Override
    public void require(JsonNode request) {}

    @Override
    public Progress step(JsonNode request, Progress before) {
      steps.incrementAndGet();
      meanwhile.run();
      return before.counting("indexed", 1).end();
    }
  }

  /** A store that cannot tell its notes a few times. */
  private static final class FaultyNotes extends ForwardingNotes {

    private final AtomicInteger faults = new AtomicInteger();

    FaultyNotes() {
      super(new InMemoryNotes());
    }

    @Override
    public SortedMap<String, String> startingWith(String prefix) {
      if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new RejectedException(RejectionReason.REFUSED_BY_SINK, "the store refuses it");
      }
      return super.startingWith(prefix);
    }
  }

  private Job start() throws JobFailedException {
    return jobs.start(JobKind.REINDEX, JsonNodeFactory.instance.objectNode());
  }

  private Job now(Job job) {
    return jobs.find(job.id()).orElseThrow();
  }

  private JobRunner runner() {
    return new JobRunner(jobs, gate, Clock.systemUTC());
  }

  private Job endOf(Job job) {
    try (var runner = runner()) {
      runner.start();
      await()
          .atMost(PATIENCE)
          .until(() -> now(job).state().ended() && !now(job).progress().counts().isEmpty());
    }
    return now(job);
  }

  private Job endOfJobThatMeanwhile(Consumer<String> happens) throws JobFailedException {
    Job job = start();
    work.meanwhile = () -> happens.accept(job.id());
    return endOf(job);
  }

  @Test
  void aJobThatAnotherVersionWroteIsLeftOut() throws Exception {
    Job job = start();
    String known = notes.read("job." + job.id()).orElseThrow();
    notes.write("job.1", known.replace("reindex", "kind of tomorrow"));
    notes.write("job.2", "null");
    notes.write("job.3", "{}");
    notes.write("job.4", "{broken");

    assertThat(jobs.all()).containsExactly(job);
    for (String odd : List.of("1", "2", "3", "4")) {
      assertThat(jobs.find(odd)).isEmpty();
      assertThat(jobs.cancel(odd)).isEmpty();
    }
    assertThat(endOf(job).state()).isEqualTo(JobState.DONE);
  }

  @Test
  void aFaultOfTheStoreDoesNotEndTheRunner() throws Exception {
    Job job = start();
    notes.faults.set(2);

    assertThat(endOf(job).state()).isEqualTo(JobState.DONE);
  }

  @Test
  void aJobThatWaitsLetsOthersGoFirst() throws Exception {
    Job waits = start();
    Job other =
        jobs.start(JobKind.REINDEX, JsonNodeFactory.instance.objectNode().put("table", "b"));
    try (var runner = runner()) {
      work.meanwhile =
          () -> {
            if (now(waits).lease() != null) {
              throw new UnavailableException("the table is locked");
            }
          };
      runner.start();
      await().atMost(PATIENCE).until(() -> now(other).state() == JobState.DONE);
      assertThat(now(waits).state()).isEqualTo(JobState.WAITING);
      assertThat(now(waits).problem()).isEqualTo("the table is locked");

      work.meanwhile = () -> {};
      await().atMost(PATIENCE).until(() -> now(waits).state() == JobState.DONE);
    }
    assertThat(now(waits).problem()).isNull();
  }

  @Test
  void aJobThatHasFailedGoesOnWhenItIsResumed() throws Exception {
    Job job = start();
    work.meanwhile =
        () -> {
          throw new IllegalStateException("a defect");
        };
    try (var runner = runner()) {
      runner.start();
      await().atMost(PATIENCE).until(() -> now(job).state() == JobState.FAILED);
      work.meanwhile = () -> {};
      assertThat(jobs.resume(job.id()).orElseThrow().state()).isEqualTo(JobState.QUEUED);
      await().atMost(PATIENCE).until(() -> now(job).state() == JobState.DONE);
    }
    assertThat(now(job).problem()).isNull();
  }

  @Test
  void jobsThatWereAskedForAgainAreForgottenFirst() throws Exception {
    Job other =
        jobs.start(JobKind.REINDEX, JsonNodeFactory.instance.objectNode().put("table", "b"));
    jobs.cancel(other.id());
    for (int again = 0; again < 25; again++) {
      jobs.cancel(start().id());
    }

    assertThat(now(other).state()).isEqualTo(JobState.CANCELLED);
    assertThat(jobs.all()).hasSizeLessThan(25);
  }

  @Test
  void aCancelledJobEndsInTheMiddleOfALongStep() throws Exception {
    Job job = start();
    work.meanwhile =
        () -> {
          jobs.cancel(job.id());
          await().atMost(PATIENCE).until(() -> gate.closedBecause().isPresent());
          gate.pass();
        };
    try (var runner = runner()) {
      runner.start();
      await().atMost(PATIENCE).until(() -> now(job).state() == JobState.CANCELLED);
      work.meanwhile = () -> {};
      Job next = start();
      await().atMost(PATIENCE).until(() -> now(next).state() == JobState.DONE);
    }
    assertThat(now(job).problem()).isNull();
    assertThat(now(job).progress().counts()).isEmpty();
  }

  @Test
  void aPauseDuringTheLastStepComesTooLate() throws Exception {
    assertThat(endOfJobThatMeanwhile(jobs::pause).state()).isEqualTo(JobState.DONE);
    assertThat(work.steps).hasValue(1);
  }

  @Test
  void aJobThatIsCancelledDuringTheLastStepStaysCancelled() throws Exception {
    assertThat(endOfJobThatMeanwhile(jobs::cancel).state()).isEqualTo(JobState.CANCELLED);
  }
}
