package dev.freshet.api;

import static dev.freshet.api.Calls.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.freshet.RejectionReason;
import dev.freshet.api.Calls.Answer;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.index.Hit;
import dev.freshet.ledger.DocumentFailure;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.search.Explanation;
import dev.freshet.search.SearchMode;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.search.Verdict;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@MicronautTest(environments = "fakes", transactional = false)
class ExplainControllerTest {

  private static final TableId PRODUCTS = new TableId("public", "products");
  private static final Origin ORIGIN =
      new Origin(
          new WalPosition(0, new Lsn(1), false, new Lsn(0x16B3748)),
          742L,
          Instant.parse("2026-01-02T03:04:05Z"),
          null,
          Instant.EPOCH);

  @Inject EmbeddedServer server;
  @Inject FakeLedger ledger;
  @Inject FakeSearchEngine engine;
  private Calls calls;

  @BeforeEach
  void setUp() {
    ledger.reset();
    engine.reset();
    calls = new Calls(server);
  }

  private void index(DocumentId id) {
    ledger.documents.put(
        id,
        new StoredDocument(
            DocumentState.present(id, ORIGIN, Map.of()),
            1,
            "c0ffee",
            "f00d",
            Rendering.UNKNOWN,
            Instant.EPOCH,
            Instant.EPOCH,
            1));
  }

  private void place(DocumentId id) {
    index(id);
    var best =
        new Hit(id, 2, "text", 0.71, JsonNodeFactory.instance.objectNode(), ORIGIN, Instant.EPOCH);
    engine.explaining =
        document -> Explanation.of(Verdict.BELOW_K, "It is at rank 12.", best, 12L, 0.75);
  }

  @Test
  void theAnswerHasTheReasonAndItsFigures() {
    place(DocumentId.of(PRODUCTS, "42"));

    Answer answer = calls.get("/documents/public.products/42/explain?q=mouse");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .startsWith(
            """
            {"documentId":"public.products/42","state":"indexed","verdict":"below-k",\
            "reason":"It is at rank 12.","rank":12,"k":10,"score":0.71,"lastScore":0.75,\
            "segment":2,"freshness":{""");
  }

  @Test
  void aDocumentThatNothingIsKnownOfIsAnAnswerToo() {
    Answer answer = calls.get("/documents/public.products/42/explain?q=mouse&k=3");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("state").asText()).isEqualTo("unknown");
    assertThat(answer.body().path("verdict").asText()).isEqualTo("unknown");
    assertThat(answer.body().path("k").asInt()).isEqualTo(3);
    assertThat(answer.body().path("rank").isNull()).isTrue();
    assertThat(engine.queries).isEmpty();
  }

  @Test
  void aFailedDocumentTellsWhichCallReplaysIt() {
    var id = new DocumentId(PRODUCTS, List.of("a,b&c"));
    ledger.failures.record(
        new DocumentFailure(
            id, ORIGIN.position(), RejectionReason.MISSING_COLUMN, "no title", Instant.EPOCH));

    var body =
        calls.get("/documents/public.products/" + encoded("a\\,b&c") + "/explain?q=x").body();

    assertThat(body.path("state").asText()).isEqualTo("failed");
    assertThat(body.path("reason").asText())
        .contains("LSN 0/16B3748", "missing-column", "no title")
        .contains("POST /dead-letters/replay?table=public.products&key=a%5C%2Cb%26c");
  }

  @Test
  void itTakesWhatASearchTakes() {
    place(DocumentId.of(PRODUCTS, "42"));

    calls.get(
        "/documents/public.products/42/explain?q=red+mouse&k=7&mode=hybrid&minScore=0.5"
            + "&table=public.products&filter=price+%3E+1");

    assertThat(engine.lastQuery().text()).isEqualTo("red mouse");
    assertThat(engine.lastQuery().mode()).isEqualTo(SearchMode.HYBRID);
    assertThat(engine.lastQuery().minScore()).isEqualTo(0.5);
    assertThat(engine.lastQuery().scope().limit()).isEqualTo(7);
    assertThat(engine.lastQuery().scope().table()).isEqualTo(PRODUCTS);
    assertThat(engine.lastQuery().scope().filter()).isNotNull();
    assertThat(engine.lastQuery().exact()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "public.products/1/explain, q",
    "public.products/1/explain?q=x&exact=true, exact",
    "public.products/1/explain?q=x&k=0, k",
    "public.products/1/explain?q=x&filter=(, filter",
    "products/1/explain?q=x, table"
  })
  void whatCannotBeReadIsRefusedByName(String path, String parameter) {
    Answer answer = calls.get("/documents/" + path);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("parameter").asText()).isEqualTo(parameter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain", "a/explain", "a+b", "ä€😀", "a/b"})
  void aKeyIsPercentDecodedOnce(String value) {
    var id = new DocumentId(PRODUCTS, List.of(value));
    place(id);

    String path = "/documents/public.products/" + encoded(value);

    assertThat(calls.get(path + "/explain?q=x").body().path("documentId").asText())
        .isEqualTo(id.toString());
    assertThat(calls.get(path).body().path("key").asText()).isEqualTo(value);
  }

  @Test
  void aSinkThatCannotTellSaysWhy() {
    index(DocumentId.of(PRODUCTS, "42"));
    engine.explaining =
        document -> {
          throw new UnsupportedSearchException("the service does not tell");
        };

    Answer answer = calls.get("/documents/public.products/42/explain?q=x");

    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.detail()).isEqualTo("the service does not tell");
  }

  @Test
  void aStoreThatDoesNotAnswerIsUnavailable() {
    ledger.available = false;

    assertThat(calls.get("/documents/public.products/42/explain?q=x").status()).isEqualTo(503);
  }
}
