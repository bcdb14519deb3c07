package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.api.Calls.Answer;
import dev.freshet.feed.FeedStatus;
import dev.freshet.sink.SinkStatus;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@MicronautTest(environments = "fakes", transactional = false)
class HealthTest {

  @Inject EmbeddedServer server;
  @Inject FakeFeed feed;
  @Inject FakeSink sink;
  private Calls calls;

  @BeforeEach
  void setUp() {
    feed.reset();
    sink.reset();
    calls = new Calls(server);
  }

  private static List<String> names(JsonNode health) {
    var names = new ArrayList<String>();
    health.path("details").fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aHealthyServiceTellsOfEachPart() {
    Answer answer = calls.get("/health");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("status").asText()).isEqualTo("UP");
    assertThat(names(answer.body()))
        .containsExactlyInAnyOrder(
            "feed", "consumption", "source", "sink", "model", "indexing", "gracefulShutdown");
    assertThat(answer.body().at("/details/feed/details/description").asText())
        .isEqualTo("connected");
    assertThat(answer.body().at("/details/model/details/name").asText()).isEqualTo("test-model");
    assertThat(answer.body().at("/details/model/details/dimension").asInt()).isEqualTo(384);
  }

  @Test
  void aBrokerThatBlocksPublishersIsTold() {
    feed.status =
        () ->
            new FeedStatus(
                true, "connected", "low on memory", List.of("the exchange is of type fanout"));

    Answer health = calls.get("/health");
    Answer freshness = calls.get("/freshness");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.body().at("/details/feed/details/blocked").asText())
        .isEqualTo("low on memory");
    assertThat(health.body().at("/details/feed/details/remarks/0").asText())
        .isEqualTo("the exchange is of type fanout");
    assertThat(freshness.body().at("/feed/blocked").asText()).isEqualTo("low on memory");
    assertThat(freshness.body().at("/feed/remarks/0").asText())
        .isEqualTo("the exchange is of type fanout");
    assertThat(calls.get("/prometheus").text()).contains("freshet_feed_blocked 1.0");
  }

  @Test
  void aFeedThatIsNotConnectedIsTheReason() {
    feed.status = () -> new FeedStatus(false, "RabbitMQ refuses the connection");

    Answer answer = calls.get("/health");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body().path("status").asText()).isEqualTo("DOWN");
    assertThat(answer.body().at("/details/feed/status").asText()).isEqualTo("DOWN");
    assertThat(answer.body().at("/details/feed/details/description").asText())
        .isEqualTo("RabbitMQ refuses the connection");
    JsonNode consumption = answer.body().at("/details/consumption");
    assertThat(consumption.path("status").asText()).isEqualTo("DOWN");
    assertThat(consumption.at("/details/state").asText()).isEqualTo("disconnected");
    assertThat(consumption.at("/details/description").asText())
        .isEqualTo("RabbitMQ refuses the connection");
    assertThat(calls.get("/health/readiness").status()).isEqualTo(200);
    assertThat(calls.get("/health/liveness").status()).isEqualTo(200);
  }

  @Test
  void aPauseShowsAndIsNotDown() {
    try {
      calls.post("/consumption/pause?reason=a+deployment", "");

      Answer answer = calls.get("/health");

      assertThat(answer.status()).isEqualTo(200);
      JsonNode consumption = answer.body().at("/details/consumption");
      assertThat(consumption.path("status").asText()).isEqualTo("UP");
      assertThat(consumption.at("/details/state").asText()).isEqualTo("paused");
      assertThat(consumption.at("/details/description").asText()).isEqualTo("a deployment");
      assertThat(Instant.parse(consumption.at("/details/since").asText())).isBefore(Instant.now());
      assertThat(calls.get("/health/readiness").status()).isEqualTo(200);
      assertThat(calls.get("/prometheus").text()).contains("freshet_consumption_paused 1");
    } finally {
      calls.post("/consumption/resume", "");
    }
    assertThat(calls.get("/prometheus").text())
        .contains("freshet_consumption_paused 0")
        .contains("freshet_indexing_stalled 0");
  }

  @Test
  void aSinkThatIsUnreachableIsTheReason() {
    sink.status = () -> new SinkStatus(false, "the store does not answer");

    Answer answer = calls.get("/health");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body().at("/details/sink/details/description").asText())
        .isEqualTo("the store does not answer");
    assertThat(calls.get("/health/liveness").status()).isEqualTo(200);
    assertThat(calls.get("/health/readiness").status()).isEqualTo(503);
  }

  @Test
  void aCheckThatFailsIsDownAndDoesNotShowItsMessage() {
    sink.status =
        () -> {
          throw new IllegalStateException("password=secret");
        };

    Answer answer = calls.get("/health");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text()).doesNotContain("secret");
    assertThat(answer.body().at("/details/sink/status").asText()).isEqualTo("DOWN");
  }

  @Test
  void aServerThatHangsIsAskedOnceAndDoesNotHoldUpTheAnswer() {
    var hanging = new CountDownLatch(1);
    var asked = new AtomicInteger();
    sink.status =
        () -> {
          asked.incrementAndGet();
          await(hanging);
          return new SinkStatus(true, "ready");
        };
    Instant start = Instant.now();
    try {
      var answers = new ArrayList<CompletableFuture<Answer>>();
      for (int i = 0; i < 10; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> calls.get("/health"), task -> new Thread(task).start()));
      }
      assertThat(answers).allMatch(answer -> answer.join().status() == 503);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(8));
      assertThat(answers.get(0).join().body().at("/details/sink/details/description").asText())
          .isEqualTo("no answer within 1500 ms");
      assertThat(asked).hasValue(1);
    } finally {
      hanging.countDown();
    }
    assertThat(calls.get("/health").status()).isEqualTo(200);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void livenessAsksTheIndexingLoopOnly() {
    assertThat(names(calls.get("/health/liveness").body())).containsExactly("indexing");
  }

  @Test
  void readinessAsksWhatASearchNeeds() {
    assertThat(names(calls.get("/health/readiness").body()))
        .containsExactlyInAnyOrder("sink", "model", "gracefulShutdown");
  }

  @Test
  void metricsAreThere() {
    Answer answer = calls.get("/prometheus");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains("jvm_memory_used_bytes").contains("freshet_batch_messages");
  }
}
