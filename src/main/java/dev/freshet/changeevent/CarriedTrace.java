package dev.freshet.changeevent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.RejectedException;
import dev.freshet.feed.ChangeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the trace context of a message, be it one that cannot be decoded: in its headers, else in a
 * CloudEvent's attributes.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md">
 *     CloudEvents' distributed tracing extension</a>
 */
public final class CarriedTrace {

  /** The header, and the names that a CloudEvent's attribute has in AMQP's binary mode. */
  private static final List<String> PREFIXES = List.of("", "cloudEvents:", "cloudEvents_");

  /** Enough for a {@code tracestate} and its schema. */
  private static final int LONGEST_HEADER = 2_048;

  /** Attributes are looked for in no larger body. */
  private static final int LARGEST_EVENT = 1 << 20;

  /** Every CloudEvent has this attribute; Debezium writes it among the first. */
  private static final byte[] SIGN = "\"specversion\"".getBytes(StandardCharsets.US_ASCII);

  private static final int SIGN_WITHIN = 4_096;

  private static final JsonFactory FACTORY = new JsonFactory();

  private CarriedTrace() {}

  /** The trace that a message belongs to; empty where none is named, or not in the right form. */
  public static Optional<TraceContext> of(ChangeMessage message) {
    for (String prefix : PREFIXES) {
      Optional<TraceContext> found =
          TraceContext.parse(
              header(message, prefix + TraceContext.TRACEPARENT),
              header(message, prefix + TraceContext.TRACESTATE));
      if (found.isPresent()) {
        return found;
      }
    }
    return isCloudEvent(message.body()) ? ofAttributes(message.body()) : Optional.empty();
  }

  private static @Nullable String header(ChangeMessage message, String name) {
    String text = message.headers().get(name);
    if (text == null || text.length() > LONGEST_HEADER) {
      return null;
    }
    boolean json = text.startsWith("\"") || text.startsWith("{");
    return json ? ofJson(text) : text;
  }

  /** Debezium Server's headers are JSON texts, with a schema or without. */
  private static @Nullable String ofJson(String header) {
    try {
      JsonNode json = Json.parse(header, "a trace header");
      return (json.has("payload") ? json.path("payload") : json).textValue();
    } catch (RejectedException e) {
      return null;
    }
  }

  private static boolean isCloudEvent(byte[] body) {
    int last = Math.min(body.length, SIGN_WITHIN) - SIGN.length;
    for (int start = 0; body.length <= LARGEST_EVENT && start <= last; start++) {
      int matched = 0;
      while (matched < SIGN.length && body[start + matched] == SIGN[matched]) {
        matched++;
      }
      if (matched == SIGN.length) {
        return true;
      }
    }
    return false;
  }

  private static Optional<TraceContext> ofAttributes(byte[] body) {
    var attributes = new HashMap<String, String>();
    try (JsonParser parser = FACTORY.createParser(body)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        readTexts(parser, attributes);
      }
    } catch (IOException e) {
      // The decoder says what is wrong with it; what stands before the fault may still help.
      return parse(attributes);
    }
    return parse(attributes);
  }

  private static void readTexts(JsonParser parser, Map<String, String> attributes)
      throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      boolean wanted =
          name.equals(TraceContext.TRACEPARENT)
              || name.equals(TraceContext.TRACESTATE)
              || name.equals("specversion");
      if (parser.nextToken() == JsonToken.VALUE_STRING && wanted) {
        attributes.put(name, parser.getText());
      } else {
        parser.skipChildren();
      }
    }
  }

  private static Optional<TraceContext> parse(Map<String, String> attributes) {
    return attributes.containsKey("specversion")
        ? TraceContext.parse(
            attributes.get(TraceContext.TRACEPARENT), attributes.get(TraceContext.TRACESTATE))
        : Optional.empty();
  }
}
