package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.Calls.Answer;
import dev.freshet.support.FuzzedMessages;
import dev.freshet.support.HostileValues;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broken and hostile bodies of {@code POST /events}: each is taken, or refused with a problem. */
@MicronautTest(environments = "fakes", transactional = false)
class HostileBodiesTest {

  private static final long SEED = 20_261_121;
  private static final int BODIES = 200;

  @Inject EmbeddedServer server;
  @Inject FakeFeed feed;
  private Calls calls;

  @BeforeEach
  void setUp() {
    feed.reset();
    calls = new Calls(server);
  }

  private void assertSettled(String body) {
    Answer answer = calls.post("/events", body);

    assertThat(answer.status()).as(body).isIn(202, 400, 413);
    if (answer.status() != 202) {
      assertThat(answer.contentType()).startsWith("application/problem+json");
      assertThat(answer.detail()).isNotBlank();
    }
  }

  @Test
  void aFuzzedEventIsTakenOrRefused() {
    for (var message : new FuzzedMessages(SEED).next(BODIES)) {
      assertSettled(new String(message.body(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aFuzzedArrayIsTakenOrRefused() {
    for (var message : new FuzzedMessages(SEED + 1).next(BODIES)) {
      assertSettled("[null," + new String(message.body(), StandardCharsets.UTF_8) + "]");
    }
  }

  @Test
  void aHostileValueIsTakenOrRefusedWhereverItStands() {
    for (String value : HostileValues.SMALL) {
      assertSettled(value);
      assertSettled("[" + value + "]");
      assertSettled("{\"op\":\"c\",\"after\":{\"id\":" + value + "},\"source\":" + value + "}");
      assertSettled(
          "{\"op\":\"c\",\"after\":{\"id\":1},\"source\":{\"schema\":%s,\"table\":%s}}"
              .formatted(value, value));
    }
    for (String value : HostileValues.LARGE) {
      assertSettled(value);
      assertSettled("[{\"op\":\"c\",\"after\":" + value + "}]");
    }
  }
}
