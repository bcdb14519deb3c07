package dev.freshet.api.health;

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

/** Whether the index answers. */
@Singleton
@Requires(beans = IndexSink.class)
final class SinkHealth implements HealthIndicator {

  private final IndexSink sink;
  private final TimeLimitedCheck check;

  SinkHealth(IndexSink sink, @Named(TaskExecutors.BLOCKING) ExecutorService executor) {
    this.sink = sink;
    this.check = new TimeLimitedCheck("sink", this::answer, executor, TimeLimitedCheck.LIMIT);
  }

  private TimeLimitedCheck.Answer answer() {
    SinkStatus status = sink.status();
    return new TimeLimitedCheck.Answer(status.available(), status.description());
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return check.result();
  }
}
