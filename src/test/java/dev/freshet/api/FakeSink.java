package dev.freshet.api;

import dev.freshet.document.DocumentChange;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.SinkStatus;
import java.util.List;
import java.util.function.Supplier;

/** A sink of which only the status is asked. */
final class FakeSink implements IndexSink {

  volatile Supplier<SinkStatus> status = () -> new SinkStatus(true, "reachable");

  void reset() {
    status = () -> new SinkStatus(true, "reachable");
  }

  @Override
  public List<Outcome> apply(List<DocumentChange> changes) {
    throw new AssertionError("nothing is delivered in these tests");
  }

  @Override
  public SinkStatus status() {
    return status.get();
  }

  @Override
  public void close() {}
}
