package dev.freshet.feed;

import java.util.HashMap;
import java.util.Map;

/**
 * A message as it travels: not yet decoded.
 *
 * @param routingKey the routing key, {@code schema.table} where Debezium Server routes by topic;
 *     may be empty
 * @param headers the headers as text; Debezium's values are JSON texts
 * @param body the bytes, in UTF-8 where they are JSON; shared, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy of each body would cost memory.
public record ChangeMessage(String routingKey, Map<String, String> headers, byte[] body) {

  /**
   * A header, whatever its value, of a message that is put on the feed again: it may be old, and is
   * not measured.
   */
  public static final String REPLAY_HEADER = "x-freshet-replay";

  /** What a header takes beside its texts. */
  private static final int HEADER_BYTES = 100;

  public ChangeMessage {
    headers = Map.copyOf(headers);
  }

  /**
   * How many bytes it takes in memory, about: headers are kept as they came and as texts, of up to
   * two bytes a character.
   */
  public int size() {
    long headerBytes = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      headerBytes += HEADER_BYTES + 2L * (header.getKey().length() + header.getValue().length());
    }
    return (int) Math.min(Integer.MAX_VALUE, headerBytes + body.length);
  }

  /** The same message with these headers added or put in the place of its own. */
  public ChangeMessage withHeaders(Map<String, String> added) {
    var merged = new HashMap<>(headers);
    merged.putAll(added);
    return new ChangeMessage(routingKey, merged, body);
  }
}
