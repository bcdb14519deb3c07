package dev.freshet.changeevent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads JSON without losing a digit. */
final class Json {

  private static final int LONGEST_TEXT = 128 * 1024 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build())
                  // Its exception would quote the body: column values must not reach a log.
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /**
   * Parses one JSON text.
   *
   * @param what names the text in the error, such as "the body"
   */
  static JsonNode parse(byte[] text, String what) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE, what + " is no JSON: " + position(e), e);
    } catch (ArithmeticException | NumberFormatException e) {
      // Its message quotes the number.
      throw new RejectedException(
          RejectionReason.UNDECODABLE, what + " has a number beyond all bounds");
    }
  }

  static JsonNode parse(String text, String what) {
    return parse(text.getBytes(StandardCharsets.UTF_8), what);
  }

  /** Where the parser stopped; its own message may quote values. */
  private static String position(IOException failure) {
    if (failure instanceof JsonProcessingException json && json.getLocation() != null) {
      return "error at byte " + json.getLocation().getByteOffset();
    }
    return failure.getClass().getSimpleName();
  }
}
