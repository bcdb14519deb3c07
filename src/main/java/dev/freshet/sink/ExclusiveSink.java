package dev.freshet.sink;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
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
  private final ReentrantLock turn = new ReentrantLock(true);
  private final AtomicLong turns = new AtomicLong();

  public ExclusiveSink(IndexSink sink) {
    this.sink = sink;
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
    try {
      return sink.apply(changes, traces);
    } finally {
      turn.unlock();
    }
  }

  /** How many batches have had their turn so far. */
  public long turns() {
    return turns.get();
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
