package dev.freshet.changeevent;

import dev.freshet.Aside;
import dev.freshet.feed.ChangeMessage;
import java.util.Optional;
import org.slf4j.MDC;

/** Names a message's trace in every line that this thread logs meanwhile. */
public final class LogContext {

  private static final String TRACE_ID = "traceId";
  private static final String SPAN_ID = "spanId";

  private LogContext() {}

  /**
   * From now on; {@link #clear} ends it, and so does the next one.
   *
   * @param trace empty where the message belongs to none
   */
  public static void set(Optional<TraceContext> trace) {
    clear();
    trace.ifPresent(
        context -> {
          MDC.put(TRACE_ID, context.traceId());
          MDC.put(SPAN_ID, context.spanId());
        });
  }

  /** The same of a message that nothing follows. */
  public static void set(ChangeMessage message) {
    set(Aside.ask(() -> CarriedTrace.of(message), Optional.empty()));
  }

  public static void clear() {
    MDC.remove(TRACE_ID);
    MDC.remove(SPAN_ID);
  }
}
