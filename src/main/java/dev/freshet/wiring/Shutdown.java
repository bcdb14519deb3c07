package dev.freshet.wiring;

import dev.freshet.deadletter.BackgroundReplay;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.freshness.Waits;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.job.JobRunner;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanRegistration;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ends what runs by itself before any bean is destroyed: waits, the schedule, requests, a replay,
 * and indexing. The framework destroys beans in no promised order, and makes one again for a task
 * or a request that comes too late; the batch in flight needs the sink, the ledger and the feed to
 * its end.
 */
@Singleton
final class Shutdown implements ApplicationEventListener<ShutdownEvent> {

  /** How long running tasks and requests may take once the loop has ended. */
  private static final long PATIENCE_SECONDS = 3;

  private final BeanContext context;

  Shutdown(BeanContext context) {
    this.context = context;
  }

  @Override
  public void onApplicationEvent(ShutdownEvent event) {
    // First those who wait: nothing more becomes searchable for them, and they can ask elsewhere.
    made(Waits.class).forEach(Waits::close);
    // The HTTP server and the scheduled executor take nothing new from here on.
    CompletionStage<?> ended =
        GracefulShutdownCapable.shutdownAll(made(GracefulShutdownCapable.class))
            .exceptionally(failure -> null);
    made(BackgroundReplay.class).forEach(BackgroundReplay::close);
    made(JobRunner.class).forEach(JobRunner::close);
    made(IndexingLoop.class).forEach(IndexingLoop::close);
    ended.toCompletableFuture().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    // It may still write how far it is to the ledger.
    made(ChangeFeed.class).forEach(ChangeFeed::close);
  }

  /** What was never made is not made now. */
  private <T> Stream<T> made(Class<T> type) {
    return context.getActiveBeanRegistrations(type).stream().map(BeanRegistration::bean);
  }
}
