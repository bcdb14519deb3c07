package dev.freshet.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.freshet.api.problem.Problem;
import dev.freshet.api.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the change events out of a request's body. They are cut out of the text, not written anew:
 * no number may change its digits on its way to the feed.
 */
final class EventBodies {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          // An exception would quote the body: column values must not reach a log or an answer.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Each takes some hundred bytes of memory, however short it is. */
  private static final int MOST_EVENTS = 50_000;

  private EventBodies() {}

  /**
   * Takes the events of a body.
   *
   * @return those of a JSON array, or else the body as the only one
   */
  static List<byte[]> of(byte[] body) {
    int first = 0;
    while (first < body.length && Character.isWhitespace(body[first])) {
      first++;
    }
    if (first == body.length) {
      throw bad("the body is empty; send one change event, or a JSON array of them");
    }
    return body[first] == '[' ? elements(text(body)) : List.of(body);
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw bad("the body is not UTF-8");
    }
  }

  private static List<byte[]> elements(String array) {
    try (JsonParser parser = JSON.createParser(array)) {
      var elements = new ArrayList<byte[]>();
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (elements.size() == MOST_EVENTS) {
          throw bad("the array has more than " + MOST_EVENTS + " events; send it in parts");
        }
        elements.add(element(parser, array, elements.size()));
      }
      if (parser.nextToken() != null) {
        throw bad("something follows the end of the array");
      }
      return elements;
    } catch (JsonProcessingException e) {
      // What exceeds the parser's limits, such as a number of 1,001 digits, is nowhere.
      String where =
          e.getLocation() == null
              ? e.getClass().getSimpleName()
              : "error at character " + e.getLocation().getCharOffset();
      throw bad("the body is not JSON: " + where);
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory cannot fail to be read", e);
    }
  }

  private static byte[] element(JsonParser parser, String array, int index) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return "null".getBytes(StandardCharsets.UTF_8);
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new ProblemException(
          Problem.of(
                  HttpStatus.BAD_REQUEST,
                  "event " + index + " cannot be decoded: it is not a JSON object")
              .withEvent(index, 0));
    }
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getCharOffset();
    return array.substring(start, end).getBytes(StandardCharsets.UTF_8);
  }

  private static ProblemException bad(String detail) {
    return new ProblemException(Problem.of(HttpStatus.BAD_REQUEST, detail));
  }
}
