package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.freshet.api.Calls.Answer;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedStatus;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@MicronautTest(environments = "fakes", transactional = false)
class ConsumptionControllerTest {

  @Inject EmbeddedServer server;
  @Inject FakeFeed feed;
  private Calls calls;

  @BeforeEach
  void setUp() {
    feed.reset();
    calls = new Calls(server);
  }

  @AfterEach
  void resume() {
    calls.post("/consumption/resume", "");
  }

  private static String state(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    return answer.body().path("state").asText();
  }

  @Test
  void consumptionRunsUntilItIsPausedAndAfterItIsResumed() {
    assertThat(state(calls.get("/consumption"))).isEqualTo("running");
    assertThat(calls.get("/consumption").body().path("reason").isNull()).isTrue();

    Answer paused = calls.post("/consumption/pause?reason=a%20deployment", "");
    assertThat(state(paused)).isEqualTo("paused");
    assertThat(paused.body().path("reason").asText()).isEqualTo("a deployment");
    assertThat(paused.body().path("inFlight").asInt()).isZero();
    assertThat(Instant.parse(paused.body().path("since").asText())).isBefore(Instant.now());
    assertThat(calls.post("/consumption/pause", "").body()).isEqualTo(paused.body());
    assertThat(calls.get("/consumption").body()).isEqualTo(paused.body());

    assertThat(state(calls.post("/consumption/resume", ""))).isEqualTo("running");
    assertThat(state(calls.post("/consumption/resume", ""))).isEqualTo("running");
  }

  @Test
  void aReasonThatIsNoneIsRefused() {
    Answer answer = calls.post("/consumption/pause?reason=" + "x".repeat(201), "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo("reason");
    assertThat(state(calls.get("/consumption"))).isEqualTo("running");
    assertThat(calls.post("/consumption/resume?now=1", "").status()).isEqualTo(400);
  }

  @Test
  void freshnessTellsWhatComesInAndWhatWaits() {
    feed.backlog = () -> Optional.of(new Backlog(12, 3));
    feed.status = () -> new FeedStatus(true, "connected to a fake");

    Answer answer = calls.get("/freshness");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().at("/consumption/state").asText()).isEqualTo("running");
    assertThat(answer.body().at("/feed/connected").asBoolean()).isTrue();
    assertThat(answer.body().at("/feed/description").asText()).isEqualTo("connected to a fake");
    assertThat(answer.body().at("/feed/waiting").asInt()).isEqualTo(12);
    assertThat(answer.body().at("/feed/deadLetters").asInt()).isEqualTo(3);
    assertThat(answer.body().at("/source/epoch").asInt()).isZero();
  }

  @Test
  void whatTheFeedDoesNotTellIsNull() {
    feed.status = () -> new FeedStatus(false, "RabbitMQ is down");

    // An answer of before may be told until it is too old.
    await()
        .untilAsserted(
            () -> {
              Answer answer = calls.get("/freshness");
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.body().at("/feed/connected").asBoolean()).isFalse();
              assertThat(answer.body().at("/feed/waiting").isNull()).isTrue();
              assertThat(answer.body().at("/feed/deadLetters").isNull()).isTrue();
            });
  }
}
