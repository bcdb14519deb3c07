package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outside of the playground; {@code PlaygroundIT} is inside. */
@MicronautTest(environments = "fakes", transactional = false)
class PlaygroundControllerTest {

  @Inject EmbeddedServer server;
  private Calls calls;

  @BeforeEach
  void setUp() {
    calls = new Calls(server);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/playground",
        "/playground/rows/public.products",
        "/playground/rows/public.products/1"
      })
  void thereIsNothingToLookAt(String path) {
    Calls.Answer answer = calls.get(path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.detail()).contains("this is not the playground").contains(path);
  }

  @Test
  void nothingCanBeChanged() {
    Calls.Answer answer =
        calls.post(
            "/playground/changes",
            "{\"table\": \"public.products\", \"key\": \"1\", \"values\": {\"title\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void theListOfCallsDoesNotNameIt() {
    assertThat(calls.get("/").text()).doesNotContain("playground");
  }
}
