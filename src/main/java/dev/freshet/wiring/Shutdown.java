package dev.freshet.wiring;

import dev.freshet.freshness.Waits;
import dev.freshet.indexing.IndexingLoop;
import io.micronaut.context.BeanContext;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import jakarta.inject.Singleton;

/**
 * Ends waits and indexing before any bean is destroyed. The framework's order is no promise where
 * beans come from factories, and the batch in flight needs the sink, the ledger and the feed to its
 * end.
 */
@Singleton
final class Shutdown implements ApplicationEventListener<ShutdownEvent> {

  private final BeanContext context;

  Shutdown(BeanContext context) {
    this.context = context;
  }

  /** A loop that was never made is not made now. */
  @Override
  public void onApplicationEvent(ShutdownEvent event) {
    // First those who wait: nothing becomes searchable for them any more, and they can ask
    // elsewhere.
    context
        .getActiveBeanRegistrations(Waits.class)
        .forEach(registration -> registration.bean().close());
    context
        .getActiveBeanRegistrations(IndexingLoop.class)
        .forEach(registration -> registration.bean().close());
  }
}
