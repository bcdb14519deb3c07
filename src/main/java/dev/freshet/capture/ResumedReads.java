package dev.freshet.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Lsn;
import java.nio.charset.StandardCharsets;

/** Rows that are read by a {@link ResumedSnapshot}, while older changes are still to come. */
final class ResumedReads {

  /** Numbers go through it as they are. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ResumedReads() {}

  /**
   * Gives a read a position before every change of the slot, which all come after it. By its own
   * LSN it would win over a transaction that was under way when it was read: the position of such a
   * one is that of the last commit before, which is older than the read.
   *
   * @param value an envelope with its schema
   * @param slotStart no change that the slot has is older
   * @return the envelope as it was, unless it is a read
   */
  static byte[] yielding(String value, Lsn slotStart) {
    try {
      JsonNode envelope = MAPPER.readTree(value);
      JsonNode payload = envelope.path("payload");
      if (payload.path("op").asText().equals("r")
          && payload.path("source") instanceof ObjectNode source) {
        source.put(
            "sequence",
            "[\"%s\",\"%s\"]"
                .formatted(Long.toUnsignedString(slotStart.value()), source.path("lsn").asText()));
        return MAPPER.writeValueAsBytes(envelope);
      }
      return value.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row that Debezium has read is not readable", e);
    }
  }
}
