package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.UnavailableException;
import dev.freshet.api.Calls.Answer;
import dev.freshet.feed.ChangeMessage;
import dev.freshet.support.Corpus;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(environments = "fakes", transactional = false)
class EventControllerTest {

  private static final String EVENT =
      """
      {"op":"c",  "after":{"id":9007199254740993,"price":1.10,"title":"\\u00e4 ä ]}\\""},
       "source":{"schema":"public","table":"products","lsn":1}}""";

  @Inject EmbeddedServer server;
  @Inject FakeFeed feed;
  private Calls calls;

  @BeforeEach
  void setUp() {
    feed.reset();
    calls = new Calls(server);
  }

  private List<String> publishedBodies() {
    return feed.published.stream().map(EventControllerTest::body).toList();
  }

  private static String body(ChangeMessage message) {
    return new String(message.body(), StandardCharsets.UTF_8);
  }

  private static String event(String table) {
    return "{\"op\":\"c\",\"after\":{\"id\":1},\"source\":{\"schema\":\"public\",\"table\":\""
        + table
        + "\"}}";
  }

  @Test
  void anEventIsPutOnTheFeedAsItIs() {
    Answer answer = calls.post("/events", EVENT);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text()).isEqualTo("{\"accepted\":1}");
    assertThat(publishedBodies()).containsExactly(EVENT);
    assertThat(feed.published.get(0).routingKey()).isEqualTo("public.products");
  }

  @Test
  void theEventsOfAnArrayKeepTheirBytes() {
    String spaced = " " + EVENT.replace("9007199254740993", "1.0E+2 ") + " ";

    Answer answer = calls.post("/events", " \n[" + EVENT + " ,\n" + spaced + ",null] ");

    assertThat(answer.text()).isEqualTo("{\"accepted\":3}");
    assertThat(publishedBodies()).containsExactly(EVENT, spaced.strip());
  }

  @Test
  void everyFormThatDebeziumServerSendsIsTaken() {
    List<Corpus.Entry> sent =
        Corpus.entries().stream()
            .filter(entry -> !entry.body().isEmpty())
            .filter(entry -> entry.body().length() < 500_000)
            .toList();

    for (Corpus.Entry entry : sent) {
      Answer answer = calls.post("/events?table=public.products", entry.body());
      assertThat(answer.status()).as(entry + ": " + answer.text()).isEqualTo(202);
    }
    assertThat(publishedBodies())
        .containsExactlyElementsOf(sent.stream().map(Corpus.Entry::body).toList());
  }

  @Test
  void aWholeCorpusFolderGoesInOneRequest() {
    List<Corpus.Entry> sent = Corpus.entries("cloudevents");
    String array =
        sent.stream()
            .map(entry -> entry.body().equals("default") ? "null" : entry.body())
            .collect(Collectors.joining(",", "[", "]"));

    Answer answer = calls.send("POST", "/events", "application/cloudevents-batch+json", array);

    assertThat(answer.text()).isEqualTo("{\"accepted\":" + sent.size() + "}");
    assertThat(publishedBodies())
        .containsExactlyElementsOf(
            sent.stream().map(Corpus.Entry::body).filter(body -> !body.equals("default")).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "application/cloudevents+json"
      })
  void debeziumServersContentTypesAreTaken(String contentType) {
    assertThat(calls.send("POST", "/events", contentType, EVENT).status()).isEqualTo(202);
  }

  @Test
  void anotherContentTypeIsRefused() {
    Answer answer = calls.send("POST", "/events", "text/xml", "<a/>");

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(feed.published).isEmpty();
  }

  @Test
  void theTableParameterNamesTheTableOfAFlatRow() {
    Answer answer = calls.post("/events?table=public.orders", "{\"id\":1,\"__op\":\"c\"}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(feed.published.get(0).routingKey()).isEqualTo("public.orders");
  }

  @Test
  void theEventsOwnTableComesFirst() {
    calls.post("/events?table=public.orders", event("products"));

    assertThat(feed.published.get(0).routingKey()).isEqualTo("public.products");
  }

  @Test
  void aFlatRowWithoutATableIsRefused() {
    Answer answer = calls.post("/events", "{\"id\":1,\"__op\":\"c\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).startsWith("event 0 cannot be decoded:").contains("table");
    assertThat(feed.published).isEmpty();
  }

  @Test
  void aBadTableParameterIsRefused() {
    Answer answer = calls.post("/events?table=orders", EVENT);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo("table");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "7", "\"text\"", "[]", "{\"op\":\"c\",\"source\":{}}"})
  void oneBadEventRefusesAll(String bad) {
    Answer answer = calls.post("/events", "[" + EVENT + "," + bad + "," + EVENT + "]");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.body().path("index").asInt(-1)).isEqualTo(1);
    assertThat(answer.detail()).startsWith("event 1 cannot be decoded: ");
    assertThat(feed.published).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[{]", "[{}", "[{\"a\":1}] x", "[{\"secret\":1},]", "nonsense"})
  void aBodyThatIsNoJsonIsRefusedWithoutQuotingIt(String body) {
    Answer answer = calls.post("/events", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.text()).doesNotContain("secret").doesNotContain("nonsense");
    assertThat(feed.published).isEmpty();
  }

  /** Each takes memory that its few bytes do not tell of. */
  @Test
  void anArrayOfVeryManyEventsIsRefused() {
    Answer answer = calls.post("/events", "[" + "null,".repeat(50_000) + "null]");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).contains("more than 50000 events");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-30000000"})
  void anEventOfANegativeLsnIsRefused(String lsn) {
    String event =
        """
        {"op":"c","after":{"id":1,"title":"t"},
         "source":{"schema":"public","table":"products","lsn":7,"sequence":"[null,\\"%s\\"]"}}
        """
            .formatted(lsn);
    Answer answer = calls.post("/events", event);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).contains("the LSN " + lsn + " is negative");
  }

  @Test
  void aTransactionsEndWhoseLsnNoLogHasProvesNothing() {
    Answer answer =
        calls.post(
            "/events",
            "{\"status\":\"END\",\"id\":\"1:99999999999999999999\",\"event_count\":1,\"data_collections\":[]}");

    assertThat(answer.status()).isEqualTo(202);
  }

  @Test
  void aBodyThatIsNoUtf8IsRefused() throws Exception {
    String answer =
        calls.raw(
            "POST /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type:"
                + " application/json\r\nContent-Length: 11\r\n\r\n[{\"a\":\"\u00ff\"}]");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("is not UTF-8");
  }

  @Test
  void anEmptyBodyIsRefused() {
    Answer answer = calls.post("/events", "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(calls.post("/events", " \n").detail()).contains("empty");
  }

  @Test
  void anEmptyArrayIsTaken() {
    assertThat(calls.post("/events", "[]").text()).isEqualTo("{\"accepted\":0}");
  }

  @Test
  void aTombstoneIsTakenAndLeftOut() {
    Answer answer = calls.post("/events", "[null," + EVENT + "]");

    assertThat(answer.text()).isEqualTo("{\"accepted\":2}");
    assertThat(publishedBodies()).containsExactly(EVENT);
  }

  /** It may say how far the source is, and no binding need take it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ts_ms\":1}",
        "{\"status\":\"END\",\"id\":\"742:16\",\"event_count\":1,\"data_collections\":[]}",
        "{\"op\":\"m\",\"source\":{\"lsn\":16},\"message\":{\"prefix\":\"freshet\"}}"
      })
  void whatIsOfNoRowIsPutOnTheFeedWithoutARoutingKey(String marker) {
    Answer answer = calls.post("/events", marker);

    assertThat(answer.text()).isEqualTo("{\"accepted\":1}");
    assertThat(publishedBodies()).containsExactly(marker);
    assertThat(feed.published.get(0).routingKey()).isEmpty();
  }

  @Test
  void anEventThatNoQueueTakesIsNamed() {
    feed.unroutable = Set.of("public.orders");

    Answer answer = calls.post("/events", "[" + EVENT + "," + event("orders") + "," + EVENT + "]");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().path("index").asInt()).isEqualTo(1);
    assertThat(answer.body().path("accepted").asInt()).isEqualTo(1);
    assertThat(answer.detail())
        .contains("event 1")
        .contains("no queue is bound with public.orders");
    assertThat(feed.published).hasSize(1);
  }

  @Test
  void aFeedThatDoesNotAnswerIsUnavailable() {
    feed.acceptsAtMost = 2;
    feed.failure = new UnavailableException("RabbitMQ is not connected", Duration.ofSeconds(5));

    Answer answer = calls.post("/events", "[" + EVENT + "," + EVENT + "," + EVENT + "]");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.retryAfter()).isEqualTo("5");
    assertThat(answer.body().path("index").asInt()).isEqualTo(2);
    assertThat(answer.body().path("accepted").asInt()).isEqualTo(2);
    assertThat(answer.detail()).contains("RabbitMQ is not connected");
  }

  @Test
  void aTableWhoseNameIsTooLongForARoutingKeyIsRefused() {
    Answer answer = calls.post("/events", event("x".repeat(300)));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).contains("longer than a routing key");
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() {
    Answer answer = calls.post("/events", "[" + " ".repeat(1_100_000) + "]");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.contentType()).startsWith("application/problem+json");
  }
}
