package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.api.Calls.Answer;
import dev.freshet.freshness.Lag;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.Stage;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(environments = "fakes", transactional = false)
class FreshnessHistoryControllerTest {

  @Inject EmbeddedServer server;
  @Inject LagHistory history;
  private Calls calls;

  @BeforeEach
  void setUp() {
    calls = new Calls(server);
  }

  @Test
  void aStepTellsWhatHappenedInIt() {
    history.settled(2);
    history.changed();
    history.indexed();
    history.record(new Lag(Map.of(Stage.TOTAL, Duration.ofMillis(12))));

    Answer answer = calls.get("/freshness/history?minutes=1");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("stepSeconds").asInt()).isEqualTo(5);
    JsonNode steps = answer.body().path("steps");
    assertThat(steps)
        .anySatisfy(
            step -> {
              assertThat(step.path("events").asLong()).isEqualTo(2);
              assertThat(step.path("changes").asLong()).isEqualTo(1);
              assertThat(step.path("documents").asLong()).isEqualTo(1);
              assertThat(step.at("/stages/total").toString())
                  .isEqualTo("{\"count\":1,\"p50Millis\":12,\"p95Millis\":12,\"maxMillis\":12}");
              assertThat(step.at("/stages/captured/count").asLong(-1)).isZero();
            });
    assertThat(steps.get(0).path("stages").fieldNames())
        .toIterable()
        .containsExactly("captured", "received", "embedded", "searchable", "total");
  }

  @ParameterizedTest
  @ValueSource(strings = {"minutes=0", "minutes=16", "minutes=x", "seconds=5"})
  void whatCannotBeAnsweredIsRefused(String query) {
    assertThat(calls.get("/freshness/history?" + query).status()).isEqualTo(400);
  }
}
