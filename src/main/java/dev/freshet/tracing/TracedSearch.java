package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentId;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchEngine;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.store.Hit;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** A span for each search, which does not tell what was looked for. */
final class TracedSearch implements SearchEngine {

  private final SearchEngine engine;
  private final Spans spans;
  private final Supplier<Optional<TraceContext>> parent;

  /**
   * @param parent the trace that the caller of this thread's search named
   */
  TracedSearch(
      SearchEngine engine, OpenTelemetry openTelemetry, Supplier<Optional<TraceContext>> parent) {
    this.engine = engine;
    this.spans = new Spans(openTelemetry);
    this.parent = parent;
  }

  /** Passed on: it is no search of a user's. */
  @Override
  public Explanation explain(DocumentId document, SearchQuery query)
      throws UnsupportedSearchException {
    return engine.explain(document, query);
  }

  @Override
  public List<Hit> search(SearchQuery query) throws UnsupportedSearchException {
    Span span = spans.builder("search", SpanKind.SERVER, parent.get()).startSpan();
    span.setAttribute("freshet.mode", query.mode().name().toLowerCase(Locale.ROOT));
    span.setAttribute("freshet.k", (long) query.scope().limit());
    try {
      List<Hit> hits = engine.search(query);
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
