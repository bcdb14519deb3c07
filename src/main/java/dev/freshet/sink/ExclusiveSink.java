package dev.freshet.sink;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets several threads use one sink, one batch at a time and in turn. A service that is told of two
 * versions of a document at once could keep the older one.
 */
public final class ExclusiveSink implements IndexSink {

  private final IndexSink sink;
  private final ReentrantLock turn;
  private final AtomicLong turns = new AtomicLong();
  private final AtomicLong held = new AtomicLong();

  /** When the turn under way began, by {@link System#nanoTime}; 0 where none is. */
  private volatile long since;

  public ExclusiveSink(IndexSink sink) {
    this(sink, new ReentrantLock(true));
  }

  private ExclusiveSink(IndexSink sink, ReentrantLock turn) {
    this.sink = sink;
    this.turn = turn;
  }

  /** The same sink, in turn with this one, for others whose turns are counted apart. */
  public ExclusiveSink beside() {
    return new ExclusiveSink(sink, turn);
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    return apply(changes, Map.of());
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes, Map<DocumentId, TraceContext> traces) {
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while another batch was applied", e);
    }
    turns.incrementAndGet();
    long began = System.nanoTime();
    since = began;
    try {
      return sink.apply(changes, traces);
    } finally {
      held.addAndGet(System.nanoTime() - began);
      since = 0;
      turn.unlock();
    }
  }

  /** How many batches have had their turn so far. */
  public long turns() {
    return turns.get();
  }

  /** How long all turns so far took together, without the waits before them. */
  public Duration held() {
    long ended = held.get();
    long began = since;
    return Duration.ofNanos(began == 0 ? ended : ended + System.nanoTime() - began);
  }

  @Override
  public void abandon() {
    sink.abandon();
  }

  @Override
  public SinkStatus status() {
    return sink.status();
  }

  @Override
  public void close() {
    sink.close();
  }
}
