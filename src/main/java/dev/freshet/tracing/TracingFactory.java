package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.indexing.Tracing;
import dev.freshet.search.SearchTracing;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.condition.Condition;
import io.micronaut.context.condition.ConditionContext;
import io.micronaut.http.context.ServerRequestContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** Traces messages and searches where the environment configures OpenTelemetry. */
@Factory
final class TracingFactory {

  /** Whether the environment asks for spans. */
  static final class Wanted implements Condition {

    @Override
    @SuppressWarnings("rawtypes") // As the framework declares it.
    public boolean matches(ConditionContext context) {
      return TraceExport.isWanted(System::getenv);
    }
  }

  @Singleton
  @Requires(condition = Wanted.class)
  @Bean(typed = OpenTelemetry.class, preDestroy = "close")
  OpenTelemetrySdk openTelemetry() {
    return TraceExport.start(Map.of());
  }

  @Singleton
  Tracing tracing(
      Optional<OpenTelemetry> openTelemetry,
      @Property(name = "freshet.feed", defaultValue = "rabbitmq") String feed) {
    return openTelemetry
        .map(found -> (Tracing) new OpenTelemetryTracing(found, feed))
        .orElse(Tracing.OFF);
  }

  @Singleton
  SearchTracing searchTracing(Optional<OpenTelemetry> openTelemetry) {
    return openTelemetry
        .map(
            found ->
                (SearchTracing)
                    new OpenTelemetrySearchTracing(found, TracingFactory::traceOfRequest))
        .orElse(SearchTracing.OFF);
  }

  private static Optional<TraceContext> traceOfRequest() {
    return ServerRequestContext.currentRequest()
        .flatMap(
            request ->
                TraceContext.parse(
                    request.getHeaders().get(TraceContext.TRACEPARENT),
                    request.getHeaders().get(TraceContext.TRACESTATE)));
  }
}
