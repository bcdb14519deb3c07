package dev.freshet.tracing;

import dev.freshet.changeevent.CarriedTrace;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import dev.freshet.feed.Delivery;
import dev.freshet.indexing.MessageTrace;
import dev.freshet.indexing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;

/**
 * A span for each message.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/messaging/">Semantic conventions for
 *     messaging</a>
 */
final class OpenTelemetryTracing implements Tracing {

  static final String OPERATION = "process";

  private final Spans spans;
  private final String system;

  /**
   * @param system what delivers the messages, such as {@code rabbitmq}
   */
  OpenTelemetryTracing(OpenTelemetry openTelemetry, String system) {
    this.spans = new Spans(openTelemetry);
    this.system = system;
  }

  @Override
  public MessageTrace begin(Delivery delivery) {
    ChangeMessage message = delivery.message();
    SpanBuilder span =
        spans
            .builder(OPERATION, SpanKind.CONSUMER, CarriedTrace.of(message))
            .setAttribute("messaging.system", system)
            .setAttribute("messaging.operation.type", OPERATION)
            .setAttribute("messaging.operation.name", OPERATION)
            .setAttribute("messaging.message.body.size", (long) message.body().length);
    // A dead letter that was put back keeps the time of its first arrival, perhaps days ago.
    if (!message.headers().containsKey(DeadLetter.REASON_HEADER)) {
      span.setStartTimestamp(delivery.receivedAt());
    }
    return new MessageSpan(span.startSpan());
  }
}
