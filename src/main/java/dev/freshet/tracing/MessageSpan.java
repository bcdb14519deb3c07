package dev.freshet.tracing;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.indexing.MessageTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.Optional;

/**
 * A message's span, from its receipt until its effect is durable. It names the table and never the
 * document: a key is a row's value.
 */
record MessageSpan(Span span) implements MessageTrace {

  @Override
  public Optional<TraceContext> context() {
    return Spans.named(span);
  }

  @Override
  public void read(DocumentChange change) {
    String table = change.table().toString();
    span.updateName(OpenTelemetryTracing.OPERATION + " " + table);
    span.setAttribute("freshet.table", table);
    span.setAttribute("freshet.operation", change.operation().label());
    change.origin().lsn().ifPresent(lsn -> span.setAttribute("freshet.lsn", lsn.toString()));
  }

  @Override
  public void ended(String outcome, Instant at) {
    span.setAttribute("freshet.outcome", outcome);
    span.end(at);
  }

  @Override
  public void failed(RejectionReason reason, Instant at) {
    span.setAttribute("error.type", reason.label());
    span.setStatus(StatusCode.ERROR);
    ended("rejected", at);
  }
}
