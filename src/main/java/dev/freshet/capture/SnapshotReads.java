package dev.freshet.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;

/**
 * Rows that are read before the changes of the slot come. Debezium gives them the LSN at which the
 * log ended when it read them. A transaction that was committed about that time and is not in the
 * snapshot may have an older position, which is that of the last commit before it, and would lose.
 */
final class SnapshotReads {

  /** Numbers go through it as they are. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private SnapshotReads() {}

  /**
   * Gives a read a position before every change of the slot. Each of them comes after it, and makes
   * up for what the snapshot already had. It has no sequence, so that it proves nothing of other
   * rows.
   *
   * @param value an envelope with its schema, of a read
   * @param changesFrom no change that the slot has is older
   */
  static byte[] yielding(String value, Lsn changesFrom) {
    try {
      JsonNode envelope = MAPPER.readTree(value);
      var source = (ObjectNode) envelope.path("payload").path("source");
      source.remove("sequence");
      source.put("lsn", changesFrom.value());
      return MAPPER.writeValueAsBytes(envelope);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row that Debezium has read is not readable", e);
    }
  }
}
