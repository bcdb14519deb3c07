package dev.freshet.changeevent;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names the trace that a message belongs to, and the span that sent it.
 *
 * @param traceparent version 00: {@code 00-} trace id {@code -} span id {@code -} flags
 * @param tracestate what tracing systems pass on, unread; null where there is none
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context, W3C Recommendation</a>
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {

  /** The header and, in a CloudEvent, the attribute. */
  public static final String TRACEPARENT = "traceparent";

  public static final String TRACESTATE = "tracestate";

  private static final int LENGTH = 55;

  /** What the recommendation wants passed on at least. */
  private static final int LONGEST_STATE = 512;

  private static final Pattern FORM =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern STATE = Pattern.compile("[\\x20-\\x7e]{1," + LONGEST_STATE + "}");

  public TraceContext {
    if (traceparent.length() != LENGTH || !FORM.matcher(traceparent).matches()) {
      throw new IllegalArgumentException("not the form of a traceparent");
    }
  }

  /**
   * Reads both texts, whoever wrote them.
   *
   * @return empty where the first is missing or malformed; a malformed second one is left out
   */
  public static Optional<TraceContext> parse(
      @Nullable String traceparent, @Nullable String tracestate) {
    if (traceparent == null
        || traceparent.length() != LENGTH
        || !FORM.matcher(traceparent).matches()) {
      return Optional.empty();
    }
    boolean usable =
        tracestate != null
            && tracestate.length() <= LONGEST_STATE
            && STATE.matcher(tracestate).matches();
    return Optional.of(new TraceContext(traceparent, usable ? tracestate : null));
  }

  /** 32 hexadecimal digits. */
  public String traceId() {
    return traceparent.substring(3, 35);
  }

  /** 16 hexadecimal digits: the sender's span. */
  public String spanId() {
    return traceparent.substring(36, 52);
  }

  /** As headers of a message or a request. */
  public Map<String, String> headers() {
    var headers = new HashMap<>(Map.of(TRACEPARENT, traceparent));
    if (tracestate != null) {
      headers.put(TRACESTATE, tracestate);
    }
    return headers;
  }
}
