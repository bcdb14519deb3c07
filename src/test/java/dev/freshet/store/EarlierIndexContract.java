package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.stateWithPast;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.search.FilterExpressionParser;
import dev.freshet.sink.Outcome;
import dev.freshet.sink.local.LocalIndexSink;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store makes of an index that version 0.1 wrote. */
public abstract class EarlierIndexContract implements StoreUnderTest {

  protected static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  private static final TableId REVIEWS = TableId.parse("public.reviews");

  private IndexStore store;

  /** Opens the index that version 0.1 left. */
  protected abstract IndexStore openEarlier() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = openEarlier();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Override
  public IndexStore store() {
    return store;
  }

  @Test
  void whatItRemembersIsThere() {
    assertThat(stored(product(6)).orElseThrow().state()).isEqualTo(stateWithPast(product(6)));
    assertThat(stored(product(5)).orElseThrow().state().deleted()).isTrue();
    assertThat(store.read(Set.of(), Set.of(REVIEWS)).truncations()).containsEntry(REVIEWS, at(8));
    assertThat(store.failures().failureOf(product(1))).isPresent();
    assertThat(store.watermarks().watermark(0)).isPresent();
  }

  @Test
  void itsDocumentsDoNotSayWhatHasMadeThem() {
    List<StoredDocument> searchable = store.renderedBy(PRODUCTS, Rendering.UNKNOWN, null, 100);
    List<StoredDocument> all = store.page(PRODUCTS, null, 100);

    assertThat(ids(searchable)).contains(product(1), product(2)).doesNotContain(product(5));
    assertThat(ids(all)).containsExactlyElementsOf(ids(searchable));
    assertThat(store.renderings(PRODUCTS, Set.of()))
        .isEqualTo(Map.of(Rendering.UNKNOWN, (long) searchable.size()));
  }

  private static List<DocumentId> ids(List<StoredDocument> documents) {
    return documents.stream().map(one -> one.state().id()).toList();
  }

  /** The columns are those that version 0.1 has stored. */
  @Test
  void itsDocumentsAreMadeAgainByAnotherMapping() {
    TableMapping titles =
        new TableMapping(
            PRODUCTS, List.of("id"), new ContentTemplate("{title}"), Set.of("title"), Set.of());
    EmbeddingModel model =
        texts ->
            Response.from(
                texts.stream().map(text -> Embedding.from(new float[] {1, 1, 1})).toList());
    List<StoredDocument> former = store.renderedBy(PRODUCTS, Rendering.UNKNOWN, null, 100);
    try (var sink =
        new LocalIndexSink(store, model, List::of, Renderings.UNSPLIT, 10_000, Clock.systemUTC())) {
      List<DocumentChange> changes =
          former.stream()
              .<DocumentChange>map(
                  one ->
                      new Rerender(
                          one.state().id(),
                          titles,
                          Rendering.UNKNOWN,
                          one.state().origin(),
                          Segments.KEPT))
              .toList();
      for (int i = 0; i < former.size(); i++) {
        assertThat(sink.apply(changes.subList(i, i + 1)))
            .hasOnlyElementsOfType(
                former.get(i).state().complete() ? Outcome.Indexed.class : Outcome.Stale.class);
      }
    }

    List<StoredDocument> complete = former.stream().filter(one -> one.state().complete()).toList();
    assertThat(store.renderings(PRODUCTS, Set.of(Rendering.UNKNOWN)))
        .isEqualTo(Map.of(Renderings.UNSPLIT.of(titles), (long) complete.size()));
    for (StoredDocument one : complete) {
      StoredDocument again = stored(one.state().id()).orElseThrow();
      assertThat(again.state()).isEqualTo(one.state());
      assertThat(again.revision()).isEqualTo(one.revision() + 1);
    }
  }

  @Test
  void itsVectorsAreFound() {
    assertThat(nearest(0, 1, 0))
        .hasSize(8)
        .first()
        .extracting(Hit::documentId)
        .isEqualTo(product(2));
  }

  @Test
  void itsMetadataIsRead() {
    assertThat(metadata(DocumentId.of(StoreFixtures.ARTICLES, "a,b")).get("n").asDouble())
        .isEqualTo(1.5);
  }

  @Test
  void itsMetadataIsFiltered() {
    var scope = new SearchScope(10, null, new FilterExpressionParser().parse("n < 1.51"));
    assertThat(store.findNearest(NORTH, scope, true))
        .extracting(Hit::documentId)
        .containsExactly(DocumentId.of(StoreFixtures.ARTICLES, "a,b"));
  }

  @Test
  void itsWordsAreFoundByTheAnalysisOfToday() {
    for (String word : List.of("東京", "แคมป์", "cafe", "2332", "4p", "user", "DS-7604NI")) {
      assertThat(store.findMatching(word, SearchScope.everything(10))).as(word).hasSize(1);
    }
    assertThat(store.findMatching("lanterns", SearchScope.everything(10))).hasSize(2);
  }
}
