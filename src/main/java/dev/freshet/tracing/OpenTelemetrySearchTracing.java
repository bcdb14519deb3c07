package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.search.SearchOutcome;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.SearchTracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** A span for each search, which does not tell what was looked for. */
final class OpenTelemetrySearchTracing implements SearchTracing {

  private final Spans spans;
  private final Supplier<Optional<TraceContext>> parent;

  /**
   * @param parent the trace that the caller of this thread's search named
   */
  OpenTelemetrySearchTracing(OpenTelemetry openTelemetry, Supplier<Optional<TraceContext>> parent) {
    this.spans = new Spans(openTelemetry);
    this.parent = parent;
  }

  @Override
  public SearchTrace begin(SearchQuery query) {
    Span span =
        spans
            .builder("search", SpanKind.SERVER, parent.get())
            .setAttribute("freshet.mode", query.mode().name().toLowerCase(Locale.ROOT))
            .setAttribute("freshet.k", (long) query.scope().limit())
            .startSpan();
    return (outcome, hits) -> ended(span, outcome, hits);
  }

  private static void ended(Span span, SearchOutcome outcome, int hits) {
    if (outcome.isError()) {
      span.setAttribute("error.type", outcome.label());
      span.setStatus(StatusCode.ERROR);
    } else {
      span.setAttribute("freshet.hits", (long) hits);
    }
    span.end();
  }
}
