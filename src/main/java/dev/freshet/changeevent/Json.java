package dev.freshet.changeevent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads JSON without losing a digit, and no more of it than fits into memory. */
final class Json {

  private static final int LONGEST_TEXT = 128 * 1024 * 1024;

  /**
   * A body of few bytes can be a tree of many nodes: of {@code {}} each takes thirty times its
   * text. A row's large values are texts, which count as one.
   */
  static final int MOST_TOKENS = 1_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(LONGEST_TEXT)
                          .maxTokenCount(MOST_TOKENS)
                          .build())
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
   * @throws RejectedException when it is no JSON, or has too many tokens
   */
  static JsonNode parse(byte[] text, String what) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      return parse(parser, what);
    } catch (IOException e) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE, what + " is not JSON: " + position(e), e);
    } catch (ArithmeticException | NumberFormatException e) {
      // Its message quotes the number.
      throw new RejectedException(
          RejectionReason.UNDECODABLE, what + " has a number beyond all bounds");
    }
  }

  static JsonNode parse(String text, String what) {
    return parse(text.getBytes(StandardCharsets.UTF_8), what);
  }

  private static JsonNode parse(JsonParser parser, String what) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(parser);
      return root == null ? MissingNode.getInstance() : root;
    } catch (StreamConstraintsException e) {
      if (parser.currentTokenCount() <= MOST_TOKENS) {
        throw e;
      }
      throw new RejectedException(
          RejectionReason.TOO_LARGE,
          "%s has more than %d JSON tokens (braces, brackets, names and values);"
                  .formatted(what, MOST_TOKENS)
              + " leave large arrays out of what is captured (column.exclude.list)",
          e);
    }
  }

  /** Where the parser stopped; its own message may quote values. */
  private static String position(IOException failure) {
    if (failure instanceof JsonProcessingException json && json.getLocation() != null) {
      return "error at byte " + json.getLocation().getByteOffset();
    }
    return failure.getClass().getSimpleName();
  }
}
