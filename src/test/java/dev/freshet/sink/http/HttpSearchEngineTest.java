package dev.freshet.sink.http;

import static dev.freshet.sink.http.Changes.ORDERS;
import static dev.freshet.sink.http.Changes.delete;
import static dev.freshet.sink.http.Changes.product;
import static dev.freshet.sink.http.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.Lsn;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMappings;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.search.SearchMode;
import dev.freshet.search.SearchQuery;
import dev.freshet.search.UnsupportedSearchException;
import dev.freshet.support.RecordedLlamaService.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSearchEngineTest {

  private final HttpSinkFixture fixture = new HttpSinkFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aHitHasItsPositionAndTimeFromTheLedger() throws Exception {
    fixture.apply(upsert("7", "Lamp", 20));
    answer("{'results':[{'id':'7','text':'Title: Lamp','score':0.9,'metadata':{'price':5}}]}");

    Hit hit = search(SearchScope.everything(3)).get(0);

    assertThat(hit.documentId()).isEqualTo(product("7"));
    assertThat(hit.text()).isEqualTo("Title: Lamp");
    assertThat(hit.score()).isEqualTo(0.9);
    assertThat(hit.metadata().path("price").asInt()).isEqualTo(5);
    assertThat(hit.origin().lsn()).contains(new Lsn(20));
    assertThat(hit.indexedAt()).isEqualTo(HttpSinkFixture.NOW);
  }

  @Test
  void theQueryIsSentAsTheContractSays() throws Exception {
    answer("{'results':[]}");

    search(SearchScope.everything(3));

    assertThat(fixture.service.calls().get(0).body())
        .isEqualTo("{\"query\":\"a lamp\",\"top_k\":3}");
    assertThat(fixture.calls()).containsExactly("POST /query");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'hits':[{'document_id':7,'content':'t','score':1}]}",
        "{'nodes':[{'id':'node-1','ref_doc_id':'7','text':'t','score':1}]}",
        "{'response':'r','source_nodes':[{'node':{'id_':'n','text':'t','metadata':{'a':1},"
            + "'relationships':{'1':{'node_id':'7'}}},'score':1}]}",
        "{'source_nodes':[{'node':{'id_':'n','text':'t','metadata':{'doc_id':'7'}},'score':1}]}",
        "[{'id':'7','text':'t','score':1}]",
      })
  void everyCommonFormOfHitsIsUnderstood(String answer) throws Exception {
    fixture.apply(upsert("7", "Lamp", 20));
    answer(answer);

    assertThat(search(SearchScope.everything(3)))
        .singleElement()
        .satisfies(
            hit -> {
              assertThat(hit.documentId()).isEqualTo(product("7"));
              assertThat(hit.text()).isEqualTo("t");
              assertThat(hit.score()).isEqualTo(1);
            });
  }

  @Test
  void hitsOfUnknownAndOfDeletedDocumentsAreLeftOut() throws Exception {
    fixture.apply(upsert("1", "a", 1), upsert("2", "b", 1), delete("3", 1));
    answer(
        "{'results':[{'id':'before-freshet','score':1},{'id':'3','score':0.9},"
            + "{'id':'2','score':0.8},{'id':'1','score':0.2}]}");

    assertThat(search(SearchScope.everything(3)))
        .extracting(Hit::documentId)
        .containsExactly(product("2"), product("1"));
    var query = new SearchQuery("q", SearchMode.VECTOR, SearchScope.everything(3), 0.5, false);
    assertThat(engine(DocumentIdForm.KEY).search(query))
        .extracting(Hit::documentId)
        .containsExactly(product("2"));
  }

  @Test
  void aSearchInOneTableLeavesOutTheOthers() throws Exception {
    fixture.sink = fixture.sink(DocumentIdForm.TABLE_KEY, false);
    fixture.apply(upsert("1", "a", 1), upsert(ORDERS, "1", "b", 1));
    answer("{'results':[{'id':'public.products/1','score':1},{'id':'public.orders/1','score':1}]}");
    var inOrders =
        new SearchQuery("q", SearchMode.VECTOR, new SearchScope(5, ORDERS, null), 0, false);
    var everywhere = new SearchQuery("q", SearchMode.VECTOR, SearchScope.everything(5), 0, false);

    assertThat(engine(DocumentIdForm.TABLE_KEY).search(inOrders))
        .extracting(Hit::documentId)
        .containsExactly(DocumentId.of(ORDERS, "1"));
    assertThat(engine(DocumentIdForm.TABLE_KEY).search(everywhere)).hasSize(2);
  }

  @Test
  void aFilterIsSentInTheFormOfLlamaIndex() throws Exception {
    answer("{'results':[]}");
    search(filtered("category = lamp and price < 10 and id in (1, 2)"));
    search(filtered("price >= 1.5"));
    search(filtered("tags contains a and owner is null and price is not null"));

    assertThat(sentFilters(0))
        .isEqualTo(
            "{'condition':'and','filters':["
                + "{'key':'category','operator':'==','value':'lamp'},"
                + "{'key':'price','operator':'<','value':10},"
                + "{'key':'id','operator':'in','value':[1,2]}]}");
    assertThat(sentFilters(1))
        .isEqualTo("{'condition':'and','filters':[{'key':'price','operator':'>=','value':1.5}]}");
    assertThat(sentFilters(2))
        .isEqualTo(
            "{'condition':'and','filters':["
                + "{'key':'tags','operator':'contains','value':'a'},"
                + "{'key':'owner','operator':'is_empty','value':null},"
                + "{'condition':'not','filters':["
                + "{'key':'price','operator':'is_empty','value':null}]}]}");
    assertThat(fixture.calls()).hasSize(3);
  }

  @Test
  void aFilterThatTheServiceIgnoresIsAppliedToWhatTheLedgerKnows() throws Exception {
    fixture.apply(upsert("1", "Lamp", 1), upsert("2", "Desk", 1));
    answer("{'results':[{'id':'1','score':1},{'id':'2','score':0.9,'metadata':{'title':'Lamp'}}]}");

    assertThat(search(filtered("title = Desk")))
        .extracting(Hit::documentId)
        .containsExactly(product("2"));
    assertThat(search(filtered("title = Chair"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501, 400, 422})
  void aServiceWithoutSearchIsUnsupported(int status) {
    fixture.service.answerAll(Answer.of(status));

    assertThatThrownBy(() -> search(SearchScope.everything(3)))
        .isInstanceOf(UnsupportedSearchException.class)
        .hasMessageContaining(fixture.service.url() + " answers " + status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'response':'only a text'}", "no JSON", "7", ""})
  void anAnswerWithoutHitsIsUnsupported(String answer) {
    answer(answer);

    assertThatThrownBy(() -> search(SearchScope.everything(3)))
        .isInstanceOf(UnsupportedSearchException.class);
  }

  @Test
  void anAnswerOfUpTo16MegabytesIsRead() throws Exception {
    fixture.apply(upsert("7", "Lamp", 20));
    answer("{'results':[{'id':'7','score':1,'text':'" + "x".repeat(15_000_000) + "'}]}");

    assertThat(search(SearchScope.everything(3)))
        .singleElement()
        .satisfies(hit -> assertThat(hit.text()).hasSize(15_000_000));
  }

  @Test
  void aLargerAnswerIsNotRead() {
    answer("{'results':[{'id':'7','score':1,'text':'" + "x".repeat(17_000_000) + "'}]}");

    assertThatThrownBy(() -> search(SearchScope.everything(3)))
        .isInstanceOf(UnsupportedSearchException.class)
        .hasMessageContaining("more than 16777216 bytes; ask for fewer hits");
  }

  @Test
  void aServiceThatFailsIsUnavailable() {
    fixture.service.answerAll(Answer.of(503).withHeader("Retry-After", "3"));

    assertThatThrownBy(() -> search(SearchScope.everything(3)))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            failure -> assertThat(failure.retryAfter()).contains(Duration.ofSeconds(3)));
  }

  @Test
  void onlyVectorSearchIsSupportedAndNoExactOne() {
    var everything = SearchScope.everything(3);
    for (SearchQuery query :
        List.of(
            new SearchQuery("q", SearchMode.KEYWORD, everything, 0, false),
            new SearchQuery("q", SearchMode.HYBRID, everything, 0, false),
            new SearchQuery("q", SearchMode.VECTOR, everything, 0, true))) {
      assertThatThrownBy(() -> engine(DocumentIdForm.KEY).search(query))
          .isInstanceOf(UnsupportedSearchException.class)
          .hasMessageContaining("LlamaIndex");
    }
    assertThat(fixture.calls()).isEmpty();
  }

  private HttpSearchEngine engine(DocumentIdForm form) {
    return new HttpSearchEngine(
        fixture.client(Duration.ofSeconds(5)), fixture.ledger, form, new TableMappings(Map.of()));
  }

  private List<Hit> search(SearchScope scope) throws UnsupportedSearchException {
    return engine(DocumentIdForm.KEY)
        .search(new SearchQuery("a lamp", SearchMode.VECTOR, scope, 0, false));
  }

  private void answer(@Nullable String json) {
    fixture.service.answerAll(Answer.json(String.valueOf(json).replace('\'', '"')));
  }

  private static SearchScope filtered(String filter) {
    return new SearchScope(3, null, new FilterExpressionParser().parse(filter));
  }

  private String sentFilters(int call) {
    return fixture.service.calls().get(call).json().path("filters").toString().replace('"', '\'');
  }
}
