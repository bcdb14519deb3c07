package dev.freshet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.UnavailableException;
import dev.freshet.api.Calls.Answer;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Condition;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(environments = "fakes", transactional = false)
class SearchControllerTest {

  private static final TableId PRODUCTS = new TableId("public", "products");

  @Inject EmbeddedServer server;
  @Inject FakeSearchEngine engine;
  private Calls calls;

  @BeforeEach
  void setUp() {
    engine.reset();
    calls = new Calls(server);
  }

  private static Hit hit(List<String> key, Position position, ObjectNode metadata) {
    var origin =
        new Origin(
            position,
            position instanceof WalPosition ? 742L : null,
            position instanceof WalPosition ? Instant.parse("2026-01-02T03:04:05.123456Z") : null,
            null,
            Instant.EPOCH);
    return new Hit(
        new DocumentId(PRODUCTS, key),
        1,
        "A mouse",
        0.875,
        metadata,
        origin,
        Instant.parse("2026-01-02T03:04:05.2Z"));
  }

  @Test
  void aHitTellsWhereItComesFrom() {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("id", 9007199254740993L);
    metadata.set("price", DecimalNode.valueOf(new BigDecimal("1.10")));
    metadata.put("new", true);
    var position = new WalPosition(0, null, false, Lsn.parse("0/16B3748"));
    engine.answering = query -> List.of(hit(List.of("a,b", "c"), position, metadata));

    Answer answer = calls.get("/search?q=mouse");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/json");
    assertThat(answer.text())
        .startsWith(
            """
            {"hits":[{"documentId":"public.products/a\\\\,b,c","table":"public.products",\
            "key":"a\\\\,b,c","segment":1,"text":"A mouse","score":0.875,\
            "metadata":{"id":9007199254740993,"price":1.10,"new":true},"lsn":"0/16B3748",\
            "txId":742,"committedAt":"2026-01-02T03:04:05.123456Z",\
            "indexedAt":"2026-01-02T03:04:05.200Z"}],"truncated":null,"freshness":{""");
  }

  @Test
  void whatAHitDoesNotHaveIsNull() {
    engine.answering =
        query ->
            List.of(
                hit(List.of("1"), new ArrivalPosition(1), JsonNodeFactory.instance.objectNode()));

    var hit = calls.get("/search?q=mouse").body().path("hits").path(0);

    assertThat(hit.path("lsn").isNull()).isTrue();
    assertThat(hit.path("txId").isNull()).isTrue();
    assertThat(hit.path("committedAt").isNull()).isTrue();
    assertThat(hit.path("metadata").isObject()).isTrue();
  }

  @Test
  void noHitIsAnAnswerToo() {
    assertThat(calls.get("/search?q=mouse").text())
        .startsWith("{\"hits\":[],\"truncated\":null,\"freshness\":{\"asOfLsn\":");
  }

  @Test
  void onlyTheTextIsNeeded() {
    calls.get("/search?q=wireless%20mouse");

    assertThat(engine.lastQuery())
        .isEqualTo(
            new SearchQuery(
                "wireless mouse", SearchMode.VECTOR, SearchScope.everything(10), 0, false));
  }

  @Test
  void everyParameterReachesTheEngine() {
    calls.get(
        "/search?q=%D0%BC%D1%8B%D1%88%D1%8C+x&k=100&table=public.products&mode=hybrid&minScore=0.25"
            + "&exact=true&filter=price%3E%3D10&filter=category%3Dbooks");

    Condition both = new FilterExpressionParser().parse("price >= 10 and category = books");
    assertThat(engine.lastQuery())
        .isEqualTo(
            new SearchQuery(
                "мышь x", SearchMode.HYBRID, new SearchScope(100, PRODUCTS, both), 0.25, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          k=5                        | q        | 'q' must say what to look for
          q=%20                      | q        | 'q' must say what to look for
          q=                         | q        | 'q' is empty
          q=a%00b                    | q        | U+0000
          q=a&q=b                    | q        | given 2 times
          q=a&k=0                    | k        | from 1 to 1000
          q=a&k=1001                 | k        | from 1 to 1000
          q=a&k=ten                  | k        | from 1 to 1000
          q=a&k=99999999999          | k        | from 1 to 1000
          q=a&table=products         | table    | schema.table
          q=a&table=                 | table    | 'table' is empty
          q=a&mode=fuzzy             | mode     | 'fuzzy' is not a valid mode; use hybrid, keyword or vector
          q=a&minScore=high          | minScore | must be a number
          q=a&minScore=NaN           | minScore | must be a number
          q=a&minScore=Infinity      | minScore | must be a number
          q=a&exact=yes              | exact    | true or false
          q=a&filter=price           | filter   | at character 6: expected an operator
          q=a&filter=a%3D1&filter=b  | filter   | at character 2: expected an operator
          q=a&txId=1                 | txId     | known are q, k, table, mode, filter, minScore, exact, fields
          q=a&minscore=0.5           | minscore | there is no parameter 'minscore' here
          """)
  void aBadParameterIsNamed(String query, String parameter, String detail) {
    Answer answer = calls.get("/search?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.body().path("parameter").asText()).isEqualTo(parameter);
    assertThat(answer.detail()).contains(detail);
    assertThat(engine.queries).isEmpty();
  }

  @Test
  void aSearchThatTheSinkCannotDoIsNotImplemented() {
    engine.answering =
        query -> {
          throw new UnsupportedSearchException("the HTTP sink has no keyword search");
        };

    Answer answer = calls.get("/search?q=mouse&mode=keyword");

    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.detail()).isEqualTo("the HTTP sink has no keyword search");
  }

  @Test
  void anIndexThatDoesNotAnswerIsUnavailable() {
    engine.answering =
        query -> {
          throw new UnavailableException("the index does not answer", Duration.ofMillis(1500));
        };

    Answer answer = calls.get("/search?q=mouse");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.detail()).isEqualTo("the index does not answer");
    assertThat(answer.retryAfter()).isEqualTo("2");
  }

  @Test
  void anUnforeseenFailureDoesNotShowItsMessage() {
    engine.answering =
        query -> {
          throw new IllegalStateException("password=secret");
        };

    Answer answer = calls.get("/search?q=mouse");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.text()).doesNotContain("secret").doesNotContain("IllegalState");
  }

  @Test
  void searchesRunBesideOneAnother() {
    var allAtOnce = new CyclicBarrier(20);
    engine.answering =
        query -> {
          try {
            allAtOnce.await(10, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new AssertionError("the searches do not run at once", e);
          }
          return List.of(
              hit(
                  List.of(query.text()),
                  new ArrivalPosition(1),
                  JsonNodeFactory.instance.objectNode()));
        };

    var answers =
        Stream.iterate(0, i -> i + 1)
            .limit(20)
            .map(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> calls.get("/search?q=" + i), task -> new Thread(task).start()))
            .toList();

    for (int i = 0; i < 20; i++) {
      var hit = answers.get(i).join().body().path("hits").path(0);
      assertThat(hit.path("key").asText()).isEqualTo(String.valueOf(i));
    }
  }
}
