package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.search.SearchEngine;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.context.ServerRequestContext;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Puts a span around each search, where OpenTelemetry is configured. */
@Singleton
final class SearchTracing implements BeanCreatedEventListener<SearchEngine> {

  private final BeanProvider<OpenTelemetry> openTelemetry;

  SearchTracing(BeanProvider<OpenTelemetry> openTelemetry) {
    this.openTelemetry = openTelemetry;
  }

  @Override
  public SearchEngine onCreated(BeanCreatedEvent<SearchEngine> event) {
    SearchEngine engine = event.getBean();
    return openTelemetry
        .find(null)
        .map(found -> (SearchEngine) new TracedSearch(engine, found, SearchTracing::ofRequest))
        .orElse(engine);
  }

  private static Optional<TraceContext> ofRequest() {
    return ServerRequestContext.currentRequest()
        .flatMap(
            request ->
                TraceContext.parse(
                    request.getHeaders().get(TraceContext.TRACEPARENT),
                    request.getHeaders().get(TraceContext.TRACESTATE)));
  }
}
