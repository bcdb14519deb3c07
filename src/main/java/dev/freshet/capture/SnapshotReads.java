package dev.freshet.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
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

  /** Values go through it as they are, whatever their size. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private SnapshotReads() {}

  /**
   * Gives a read a position before every change that the snapshot does not have. It has no
   * sequence, so that it proves nothing of other rows.
   *
   * @param value an envelope with its schema, of a read
   * @param rowsAt the position
   */
  static byte[] yielding(String value, Lsn rowsAt) {
    try {
      JsonNode envelope = MAPPER.readTree(value);
      var source = (ObjectNode) envelope.path("payload").path("source");
      source.remove("sequence");
      source.put("lsn", rowsAt.value());
      return MAPPER.writeValueAsBytes(envelope);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row that Debezium has read is not readable", e);
    }
  }
}
