package dev.freshet.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A job as a JSON text; instants in ISO 8601. */
final class JobJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A newer version may have written more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private JobJson() {}

  static String format(Job job) {
    try {
      return MAPPER.writeValueAsString(job);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Job parse(String text) {
    try {
      return Optional.ofNullable(MAPPER.readValue(text, Job.class))
          .orElseThrow(() -> new UncheckedIOException(new IOException("it is null")));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a job of the index cannot be read", e);
    }
  }
}
