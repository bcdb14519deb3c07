package dev.freshet.tracing;

import dev.freshet.changeevent.TraceContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts spans below those that a W3C trace context names. */
final class Spans {

  private final Tracer tracer;

  Spans(OpenTelemetry openTelemetry) {
    this.tracer = openTelemetry.getTracer("dev.freshet");
  }

  /** A span to be started, the root of a trace of its own where there is no parent. */
  SpanBuilder builder(String name, SpanKind kind, Optional<TraceContext> parent) {
    return tracer.spanBuilder(name).setSpanKind(kind).setParent(context(parent));
  }

  private static Context context(Optional<TraceContext> parent) {
    return parent
        .map(
            remote ->
                W3CTraceContextPropagator.getInstance()
                    .extract(Context.root(), remote.headers(), HeaderGetter.INSTANCE))
        .orElseGet(Context::root);
  }

  /** What the log calls a span; empty for one that no tracing system keeps. */
  static Optional<TraceContext> named(Span span) {
    SpanContext context = span.getSpanContext();
    return TraceContext.parse(
        "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex()),
        null);
  }

  private enum HeaderGetter implements TextMapGetter<Map<String, String>> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Map<String, String> headers) {
      return headers.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String key) {
      return headers == null ? null : headers.get(key);
    }
  }
}
