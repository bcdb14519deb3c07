package dev.freshet.api.health;

import dev.freshet.indexing.IndexingLoop;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.SinkStatus;
import io.micronaut.context.annotation.Requires;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;

/** Whether the index answers, and takes the batch in flight. */
@Singleton
@Requires(beans = {IndexSink.class, IndexingLoop.class})
final class SinkHealth implements HealthIndicator {

  private final IndexSink sink;
  private final IndexingLoop loop;
  private final TimeLimitedCheck check;

  SinkHealth(
      IndexSink sink, IndexingLoop loop, @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.sink = sink;
    this.loop = loop;
    this.check = new TimeLimitedCheck("sink", this::answer, executor, TimeLimitedCheck.LIMIT);
  }

  private TimeLimitedCheck.Answer answer() {
    SinkStatus status = sink.status();
    boolean up = status.available() && loop.failure().isEmpty();
    String description =
        status.available() ? loop.failure().orElse(status.description()) : status.description();
    return new TimeLimitedCheck.Answer(up, description);
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return check.result();
  }
}
