package dev.freshet.indexing;

import dev.freshet.Aside;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.Delivery;
import java.time.Instant;
import java.util.Optional;

/** Follows messages as another does, and lets none of its faults out. */
record GuardedTracing(Tracing tracing) implements Tracing {

  private static final MessageTrace NOTHING = Optional::empty;

  @Override
  public MessageTrace begin(Delivery delivery) {
    return new Guarded(Aside.ask(() -> tracing.begin(delivery), NOTHING));
  }

  private record Guarded(MessageTrace trace) implements MessageTrace {

    @Override
    public Optional<TraceContext> context() {
      return Aside.ask(trace::context, Optional.empty());
    }

    @Override
    public void read(DocumentChange change) {
      Aside.run(() -> trace.read(change));
    }

    @Override
    public void ended(String outcome, Instant at) {
      Aside.run(() -> trace.ended(outcome, at));
    }

    @Override
    public void failed(RejectionReason reason, Instant at) {
      Aside.run(() -> trace.failed(reason, at));
    }
  }
}
