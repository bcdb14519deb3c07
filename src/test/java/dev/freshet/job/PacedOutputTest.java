package dev.freshet.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.SinkStatus;
import dev.freshet.store.StoreFixtures;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What jobs leave to the live changes. */
class PacedOutputTest {

  private static final Duration EACH = Duration.ofMillis(5);
  private static final double SHARE = 0.25;

  private final AtomicLong busyForJobs = new AtomicLong();
  private final Thread jobs = Thread.currentThread();

  /** Takes five milliseconds for each change. */
  private final IndexSink slow =
      new IndexSink() {

        @Override
        public List<Outcome> apply(List<DocumentChange> changes) {
          try {
            Thread.sleep(EACH.toMillis() * changes.size());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          if (Thread.currentThread() == jobs) {
            busyForJobs.addAndGet(EACH.toNanos() * changes.size());
          }
          return Collections.nCopies(changes.size(), new Outcome.Deleted());
        }

        @Override
        public SinkStatus status() {
          return new SinkStatus(true, "here");
        }

        @Override
        public void close() {}
      };

  private static List<DocumentChange> changes(int count) {
    var table = new TableId("public", "products");
    return Collections.nCopies(
        count, new Truncate(table, StoreFixtures.origin(StoreFixtures.at(1))));
  }

  @CanIgnoreReturnValue
  private Duration timeOf(ExclusiveSink sink, int count) throws InterruptedException {
    var output = new PacedOutput(null, sink, null, null, SHARE, Optional::empty, Clock.systemUTC());
    long begin = System.nanoTime();
    assertThat(output.apply(changes(count))).hasSize(count);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** They come while a job already works. */
  @Test
  void besideLiveChangesJobsHaveNoMoreThanTheirShare() throws Exception {
    var sink = new ExclusiveSink(slow);
    var ended = new AtomicBoolean();
    var begun = new AtomicLong();
    var live =
        new Thread(
            () -> {
              while (busyForJobs.get() < ALONE.toNanos()) {
                Thread.onSpinWait();
              }
              begun.set(System.nanoTime());
              while (!ended.get()) {
                sink.apply(changes(1));
              }
            });
    live.start();
    try {
      timeOf(sink, 120);
      long beside = busyForJobs.get() - ALONE.toNanos() - 2 * HELD_AT_MOST.toNanos();
      assertThat((double) beside / (System.nanoTime() - begun.get())).isLessThan(SHARE);
    } finally {
      ended.set(true);
      live.join();
    }
  }

  private static final Duration ALONE = Duration.ofMillis(150);

  private static final Duration HELD_AT_MOST = Duration.ofMillis(50);

  @Test
  void aloneTheyHaveAllOfIt() throws Exception {
    Duration taken = timeOf(new ExclusiveSink(slow), 60);
    assertThat(taken).isLessThan(Duration.ofNanos(busyForJobs.get()).multipliedBy(3));
  }
}
