package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.api.Calls.Answer;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@MicronautTest(environments = "fakes", transactional = false)
class LoggerControllerTest {

  /** Nothing else in the tests' process looks at what it logs. */
  private static final String QUIET = "dev.freshet.playground.OwnFile";

  @Inject EmbeddedServer server;
  private Calls calls;

  @BeforeEach
  void setUp() {
    calls = new Calls(server);
  }

  @AfterEach
  void reset() {
    delete("/loggers/" + QUIET);
  }

  private Answer delete(String path) {
    return calls.send("DELETE", path, "application/json", "");
  }

  @Test
  void aLevelIsChangedListedAndTakenBack() {
    Answer changed = calls.post("/loggers/" + QUIET + "?level=trace", "");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.text())
        .isEqualTo("{\"name\":\"" + QUIET + "\",\"level\":\"TRACE\",\"changed\":true}");
    assertThat(LoggerFactory.getLogger(QUIET).isTraceEnabled()).isTrue();
    assertThat(calls.get("/loggers").text()).contains(changed.text()).contains("\"ROOT\"");

    assertThat(delete("/loggers/" + QUIET).body().path("changed").asBoolean()).isFalse();
    assertThat(LoggerFactory.getLogger(QUIET).isTraceEnabled()).isFalse();
    assertThat(calls.get("/loggers").text()).doesNotContain(QUIET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/loggers/dev.freshet?level=verbose | level | 'verbose' is not a log level; use TRACE, DEBUG",
        "/loggers/dev.freshet | level | 'level' is missing; use TRACE, DEBUG",
        "/loggers/dev.freshet?level= | level | 'level' is empty",
        "/loggers/dev.freshet?configuredLevel=DEBUG | configuredLevel | known are level",
        "/loggers/dev.freshe?level=DEBUG | logger | did you mean dev.freshet?",
        "/loggers/a%0Ab?level=DEBUG | logger | is not a logger, a class or a package",
      })
  void aWrongLevelOrNameIsToldWithWhatIsRight(String path, String parameter, String detail) {
    Answer answer = calls.post(path, "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo(parameter);
    assertThat(answer.detail()).contains(detail);
  }

  @Test
  void aWrongNameIsNotResetEither() {
    assertThat(delete("/loggers/dev.freshe").status()).isEqualTo(400);
    assertThat(delete("/loggers/dev.freshet?level=INFO").status()).isEqualTo(400);
    assertThat(calls.get("/loggers?name=x").status()).isEqualTo(400);
  }
}
