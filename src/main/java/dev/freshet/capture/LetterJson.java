package dev.freshet.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.DeadLetter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dead letter as a JSON text; its body is in Base64, because it may be anything. */
final class LetterJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
  }

  /** The form; instants in ISO 8601. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Form(
      String id,
      String routingKey,
      Map<String, String> headers,
      byte[] body,
      String reason,
      @Nullable String detail,
      @Nullable String failedAt,
      String receivedAt) {}

  private LetterJson() {}

  static String format(DeadLetter letter) {
    ChangeMessage message = letter.message();
    Instant failedAt = letter.failedAt();
    try {
      return MAPPER.writeValueAsString(
          new Form(
              letter.id(),
              message.routingKey(),
              message.headers(),
              message.body(),
              letter.reason(),
              letter.detail(),
              failedAt == null ? null : failedAt.toString(),
              letter.receivedAt().toString()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DeadLetter parse(String text) {
    try {
      Form form = MAPPER.readValue(text, Form.class);
      return new DeadLetter(
          form.id(),
          new ChangeMessage(form.routingKey(), form.headers(), form.body()),
          form.reason(),
          form.detail(),
          form.failedAt() == null ? null : Instant.parse(form.failedAt()),
          Instant.parse(form.receivedAt()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a dead letter of the index cannot be read", e);
    }
  }
}
