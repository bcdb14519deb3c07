package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.index.Hit;
import dev.freshet.search.Search;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** A span for each search, which does not tell what was looked for. */
final class TracedSearch implements Search {

  private final Search search;
  private final Spans spans;
  private final Supplier<Optional<TraceContext>> parent;

  /**
   * @param parent the trace that the caller of this thread's search named
   */
  TracedSearch(
      Search search, OpenTelemetry openTelemetry, Supplier<Optional<TraceContext>> parent) {
    this.search = search;
    this.spans = new Spans(openTelemetry);
    this.parent = parent;
  }

  @Override
  public List<Hit> search(SearchQuery query) throws UnsupportedSearchException {
    Span span = spans.builder("search", SpanKind.SERVER, parent.get()).startSpan();
    span.setAttribute("freshet.mode", query.mode().name().toLowerCase(Locale.ROOT));
    span.setAttribute("freshet.k", (long) query.scope().limit());
    try {
      List<Hit> hits = search.search(query);
      span.setAttribute("freshet.hits", (long) hits.size());
      return hits;
    } catch (UnsupportedSearchException | RuntimeException e) {
      span.setAttribute("error.type", e.getClass().getSimpleName());
      span.setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      span.end();
    }
  }
}
