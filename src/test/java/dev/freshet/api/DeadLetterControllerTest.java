package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.Calls.Answer;
import dev.freshet.support.InMemoryDeadLetters;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@MicronautTest(environments = "fakes", transactional = false)
class DeadLetterControllerTest {

  private static final Instant RECEIVED_AT = Instant.parse("2026-01-02T03:04:04Z");
  private static final String EVENT =
      "{\"op\":\"c\",\"after\":{\"id\":42,\"title\":\"secret\",\"description\":null},"
          + "\"source\":{\"schema\":\"public\",\"table\":\"products\",\"lsn\":23803720}}";

  @Inject EmbeddedServer server;
  @Inject InMemoryDeadLetters letters;
  private Calls calls;

  @BeforeEach
  void setUp() {
    letters.reset();
    calls = new Calls(server);
  }

  @Test
  void aListingShowsAllButTheBody() {
    letters.add("one", "missing-column", RECEIVED_AT, EVENT);
    letters.add("two", "undecodable", RECEIVED_AT, "{");

    Answer answer = calls.get("/dead-letters");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            """
            {"deadLetters":[{"id":"one","table":"public.products","key":"42",\
            "operation":"upsert",\
            "position":"W00000000.00000000016B3748.1.00000000016B3748.c","lsn":"0/16B3748",\
            "reason":"missing-column","detail":"a detail","failedAt":"2026-01-02T03:04:05Z",\
            "receivedAt":"2026-01-02T03:04:04Z","routingKey":"public.products","bytes":%d},\
            {"id":"two","table":null,"key":null,"operation":null,"position":null,"lsn":null,\
            "reason":"undecodable","detail":"a detail","failedAt":"2026-01-02T03:04:05Z",\
            "receivedAt":"2026-01-02T03:04:04Z","routingKey":"public.products","bytes":1}],\
            "waiting":2,"complete":true}"""
                .formatted(EVENT.length()));
  }

  @Test
  void aListingIsSelectedAndLimited() {
    letters.add("one", "missing-column", RECEIVED_AT, EVENT);
    letters.add("two", "undecodable", RECEIVED_AT, "{");

    var byTable = calls.get("/dead-letters?table=public.products&key=42").body();
    var byReason = calls.get("/dead-letters?reason=undecodable").body();
    var limited = calls.get("/dead-letters?limit=1").body();

    assertThat(byTable.path("deadLetters").findValuesAsText("id")).containsExactly("one");
    assertThat(byReason.path("deadLetters").findValuesAsText("id")).containsExactly("two");
    assertThat(limited.path("deadLetters").findValuesAsText("id")).containsExactly("one");
    assertThat(limited.path("complete").asBoolean()).isFalse();
  }

  @Test
  void parametersThatCannotBeReadAreNamed() {
    assertThat(calls.get("/dead-letters?tabel=x").body().path("parameter").asText())
        .isEqualTo("tabel");
    assertThat(calls.get("/dead-letters?limit=0").status()).isEqualTo(400);
    assertThat(calls.send("POST", "/dead-letters/replay?table=x", "application/json", "").status())
        .isEqualTo(400);
  }

  @Test
  void oneIsShownWithItsBodyAndStays() {
    letters.add("a/b", "missing-column", RECEIVED_AT, EVENT);

    var body = calls.get("/dead-letters/a%2Fb").body();

    assertThat(body.path("deadLetter").path("key").asText()).isEqualTo("42");
    assertThat(body.path("body").asText()).isEqualTo(EVENT);
    assertThat(body.path("bodyEncoding").asText()).isEqualTo("utf-8");
    assertThat(body.path("headers").path("h").asText()).isEqualTo("1");
    assertThat(calls.get("/dead-letters/other").status()).isEqualTo(404);
    assertThat(letters.all()).hasSize(1);
  }

  @Test
  void aReplayTellsWhatBecameOfThem() {
    letters.add("two", "undecodable", RECEIVED_AT, "{");

    Answer answer = calls.send("POST", "/dead-letters/replay", "application/json", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo("{\"succeeded\":0,\"stale\":0,\"ignored\":0,\"failed\":1,\"remaining\":0}");
  }

  @Test
  void oneIsDiscardedOnce() {
    letters.add("one", "missing-column", RECEIVED_AT, EVENT);

    assertThat(calls.send("DELETE", "/dead-letters/one", "application/json", "").status())
        .isEqualTo(204);
    assertThat(calls.send("DELETE", "/dead-letters/one", "application/json", "").status())
        .isEqualTo(404);
    assertThat(letters.all()).isEmpty();
  }

  @Test
  void oneThatTheLookDidNotReachIsNotSaidToBeMissing() {
    for (int i = 0; i <= 10_000; i++) {
      letters.add("l" + i, "undecodable", RECEIVED_AT, "{");
    }

    assertThat(calls.get("/dead-letters/l9999").status()).isEqualTo(200);
    assertThat(calls.get("/dead-letters/l10000").status()).isEqualTo(404);
    assertThat(calls.get("/dead-letters/l10000").body().path("detail").asText())
        .contains("freshet.dead-letters.look-count");
    assertThat(calls.send("DELETE", "/dead-letters/l10000", "application/json", "").text())
        .contains("freshet.dead-letters.look-count");
  }

  @Test
  void aQueueThatDoesNotAnswerIsUnavailable() {
    letters.setAvailable(false);

    assertThat(calls.get("/dead-letters").status()).isEqualTo(503);
    assertThat(calls.send("POST", "/dead-letters/replay", "application/json", "").status())
        .isEqualTo(503);
  }
}
