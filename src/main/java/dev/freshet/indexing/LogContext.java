package dev.freshet.indexing;

import dev.freshet.changeevent.TraceContext;
import dev.freshet.feed.ChangeMessage;
import org.slf4j.MDC;

/** Names a message's trace in every line that this thread logs meanwhile. */
public final class LogContext {

  private LogContext() {}

  /** From now on; {@link #clear} ends it, and so does the next one. */
  public static void set(MessageTrace trace) {
    clear();
    Aside.run(
        () ->
            trace
                .context()
                .ifPresent(
                    context -> {
                      MDC.put(TraceContext.TRACE_ID, context.traceId());
                      MDC.put(TraceContext.SPAN_ID, context.spanId());
                    }));
  }

  /** The same of a message that nothing follows. */
  public static void set(ChangeMessage message) {
    Aside.run(() -> set(MessageTrace.carriedBy(message)));
  }

  public static void clear() {
    MDC.remove(TraceContext.TRACE_ID);
    MDC.remove(TraceContext.SPAN_ID);
  }
}
