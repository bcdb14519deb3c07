package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.search.Search;
import dev.freshet.search.SearchObservation;
import io.micronaut.http.context.ServerRequestContext;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Puts a span around each search, where OpenTelemetry is configured. */
@Singleton
final class SearchTracing implements SearchObservation {

  private final Optional<OpenTelemetry> openTelemetry;

  SearchTracing(Optional<OpenTelemetry> openTelemetry) {
    this.openTelemetry = openTelemetry;
  }

  @Override
  public Search around(Search search) {
    return openTelemetry
        .map(found -> (Search) new TracedSearch(search, found, SearchTracing::ofRequest))
        .orElse(search);
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
