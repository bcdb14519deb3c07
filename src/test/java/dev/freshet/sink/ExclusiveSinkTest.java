package dev.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.document.DocumentChange;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExclusiveSinkTest {

  @Test
  void batchesOfSeveralThreadsComeOneAfterTheOther() throws Exception {
    var watched = new Watched();
    var sink = new ExclusiveSink(watched);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<List<Outcome>> apply = () -> sink.apply(List.of());
      for (Future<?> each : threads.invokeAll(Stream.generate(() -> apply).limit(8).toList())) {
        each.get(10, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(watched.most.get()).isEqualTo(1);
    assertThat(watched.batches.get()).isEqualTo(8);
  }

  /** Sees how many batches are in it at once. */
  private static final class Watched implements IndexSink {

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();

    @Override
    public List<Outcome> apply(List<DocumentChange> changes) {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      batches.incrementAndGet();
      try {
        // Long enough for another thread to come in, if it may.
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      inside.decrementAndGet();
      return List.of();
    }

    @Override
    public SinkStatus status() {
      return new SinkStatus(true, "watched");
    }

    @Override
    public void close() {}
  }
}
