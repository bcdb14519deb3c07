package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.Calls.Answer;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(environments = "fakes", transactional = false)
class ErrorTest {

  @Inject EmbeddedServer server;
  private Calls calls;

  @BeforeEach
  void setUp() {
    calls = new Calls(server);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing, 404, Not Found",
    "GET, /documents/public.products, 404, Not Found",
    "GET, /documents/public.products/, 404, Not Found",
    "GET, /documents/public.products/1/2, 404, Not Found",
    "GET, /beans, 404, Not Found",
    "GET, /env, 404, Not Found",
    "POST, /search?q=a, 405, Method Not Allowed",
    "GET, /events, 405, Method Not Allowed",
    "DELETE, /documents/public.products/1, 405, Method Not Allowed",
    "POST, /health, 405, Method Not Allowed"
  })
  void everyErrorIsAProblem(String method, String path, int status, String title) {
    Answer answer = calls.send(method, path, "application/json", "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.body().path("type").asText()).isEqualTo("about:blank");
    assertThat(answer.body().path("title").asText()).isEqualTo(title);
    assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    assertThat(answer.detail()).isNotBlank();
    assertThat(answer.body().properties()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({"/search?q=%zz", "/documents/public.products/%zz", "/search?q=%", "/%zz", "/a b"})
  void aMalformedAddressIsABadRequest(String path) throws Exception {
    String answer =
        calls.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).contains(" 400 ").contains("application/problem+json");
  }

  @Test
  void anAddressBeyondTheLimitIsAProblem() throws Exception {
    String answer =
        calls.raw(
            "GET /search?q="
                + "a".repeat(20_000)
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).contains(" 413 ").contains("application/problem+json");
  }

  @Test
  void aBrowserGetsTheSameProblem() throws Exception {
    String answer =
        calls.raw(
            "GET /nothing HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n");

    assertThat(answer).contains(" 404 ").contains("application/problem+json");
  }

  @Test
  void theRootNamesWhatThereIs() {
    Answer answer = calls.get("/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("name").asText()).isEqualTo("freshet");
    assertThat(answer.body().path("endpoints").has("POST /events")).isTrue();
  }
}
