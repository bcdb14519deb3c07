package dev.freshet.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Rerender;
import dev.freshet.document.DocumentChange.Rerender.Segments;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Rendering;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.Outcome;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.freshet.support.ForwardingIndexStore;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document is made again of the columns that the ledger has. */
class RerenderTest {

  private static final TableId TABLE = TableId.parse("public.docs");
  private static final TableMapping FORMER = mapping("{body}", null);
  private static final TableMapping PRESENT = mapping("{body}|{title}", null);

  /** Makes the same documents as the former one of rows without that column. */
  private static final TableMapping SAME =
      new TableMapping(TABLE, List.of("id"), new ContentTemplate("{body}"), null, Set.of("secret"));

  @TempDir private Path folder;

  /** Every text that was embedded since it was cleared. */
  private final List<String> embedded = new ArrayList<>();

  private final EmbeddingModel model =
      segments -> {
        segments.forEach(segment -> embedded.add(segment.text()));
        return Response.from(segments.stream().map(RerenderTest::vector).toList());
      };

  private IndexStore store;
  private LocalIndexSink sink;

  private static Embedding vector(TextSegment segment) {
    return Embedding.from(new float[] {segment.text().length(), segment.text().charAt(0), 1});
  }

  private static TableMapping mapping(String template, @Nullable Set<String> metadata) {
    return new TableMapping(
        TABLE, List.of("id"), new ContentTemplate(template), metadata, Set.of());
  }

  @BeforeEach
  void open() {
    store = LuceneIndexStore.open(folder, new EmbeddingSpace("test-model", 3));
    sink = sink(store);
  }

  private LocalIndexSink sink(IndexStore over) {
    return new LocalIndexSink(
        over,
        model,
        text -> List.of(text.split("\\|")),
        Renderings.UNSPLIT,
        10_000,
        Clock.systemUTC());
  }

  @AfterEach
  void close() {
    sink.close();
    store.close();
  }

  private static Origin origin(long lsn) {
    return new Origin(
        new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn)), lsn, null, null, Instant.EPOCH);
  }

  private static DocumentId id(int key) {
    return DocumentId.of(TABLE, String.valueOf(key));
  }

  /** A value of null is one that the event leaves out. */
  private static Upsert upsert(TableMapping mapping, long lsn, int key, Object... columns) {
    var values = new LinkedHashMap<String, JsonNode>();
    var unavailable = new ArrayList<String>();
    for (int i = 0; i < columns.length; i += 2) {
      if (columns[i + 1] == null) {
        unavailable.add((String) columns[i]);
      } else {
        values.put((String) columns[i], new ObjectMapper().valueToTree(columns[i + 1]));
      }
    }
    var row = new Row(values, Set.copyOf(unavailable)).retain(mapping::uses);
    return new Upsert(id(key), mapping, row, null, origin(lsn));
  }

  private static Rerender rerender(TableMapping mapping, int key) {
    return rerender(mapping, key, Segments.KEPT);
  }

  private static Rerender rerender(TableMapping mapping, int key, Segments segments) {
    return new Rerender(id(key), mapping, Rendering.UNKNOWN, origin(0), segments);
  }

  private List<Outcome> apply(DocumentChange... changes) {
    embedded.clear();
    return sink.apply(List.of(changes));
  }

  private StoredDocument stored(int key) {
    return store.read(Set.of(id(key)), Set.of()).documents().get(id(key));
  }

  private List<String> texts() {
    return store
        .findNearest(Embedding.from(new float[] {1, 1, 1}), SearchScope.everything(1_000), true)
        .stream()
        .map(hit -> hit.documentId().joinedKey() + ":" + hit.text())
        .sorted()
        .toList();
  }

  private static Indexed indexed(List<Outcome> outcomes) {
    assertThat(outcomes).singleElement().isInstanceOf(Outcome.Indexed.class);
    var indexed = (Outcome.Indexed) outcomes.get(0);
    return new Indexed(indexed.segments(), indexed.embedded());
  }

  /** Without the time. */
  private record Indexed(int segments, int embedded) {}

  @Test
  void onlySegmentsOfAnotherTextAreEmbeddedAndTheStateStays() {
    apply(upsert(FORMER, 7, 1, "body", "a|b", "title", "c", "price", 9));
    StoredDocument before = stored(1);
    assertThat(before.renderedBy()).isEqualTo(Renderings.UNSPLIT.of(FORMER));

    assertThat(indexed(apply(rerender(PRESENT, 1)))).isEqualTo(new Indexed(3, 1));

    assertThat(embedded).containsExactly("c");
    assertThat(texts()).containsExactly("1:a", "1:b", "1:c");
    assertThat(stored(1).state()).isEqualTo(before.state());
    assertThat(stored(1).revision()).isEqualTo(before.revision() + 1);
    assertThat(stored(1).renderedBy()).isEqualTo(Renderings.UNSPLIT.of(PRESENT));
  }

  @Test
  void metadataIsMadeAgainAsWell() {
    TableMapping titles = mapping("{body}", Set.of("title"));
    apply(upsert(FORMER, 7, 1, "body", "a", "title", "c", "price", 9));

    assertThat(indexed(apply(rerender(titles, 1)))).isEqualTo(new Indexed(1, 0));

    var metadata = store.metadata(List.of(id(1)), new MetadataSelection(null, 1_000));
    assertThat(metadata)
        .singleElement()
        .satisfies(one -> assertThat(one.values().toString()).isEqualTo("{\"title\":\"c\"}"));
  }

  @Test
  void aDocumentThatStaysAsItIsIsOfThePresentMappingAfterwards() {
    apply(upsert(FORMER, 7, 1, "body", "a|b"));

    assertThat(apply(rerender(SAME, 1))).containsExactly(new Outcome.Unchanged());
    assertThat(embedded).isEmpty();
    assertThat(stored(1).renderedBy()).isEqualTo(Renderings.UNSPLIT.of(SAME));
  }

  @Test
  void anEventThatChangesNothingTellsThePresentMappingToo() {
    apply(upsert(FORMER, 7, 1, "body", "a"));
    assertThat(apply(upsert(SAME, 8, 1, "body", "a"))).containsExactly(new Outcome.Unchanged());
    assertThat(stored(1).renderedBy()).isEqualTo(Renderings.UNSPLIT.of(SAME));
  }

  @Test
  void whatIsGoneDeletedOrIncompleteIsStale() {
    apply(upsert(FORMER, 1, 1, "body", "a"), upsert(FORMER, 1, 2, "body", "b"));
    apply(new Delete(id(1), false, origin(2)), upsert(FORMER, 3, 3, "body", null));
    StoredDocument incomplete = stored(3);

    assertThat(apply(rerender(FORMER, 1), rerender(FORMER, 3), rerender(FORMER, 4)))
        .containsOnly(new Outcome.Stale());
    assertThat(stored(3)).isEqualTo(incomplete);
    assertThat(incomplete.renderedBy()).isEqualTo(Rendering.UNKNOWN);
    assertThat(texts()).containsExactly("2:b");

    apply(new Truncate(TABLE, origin(9)));
    assertThat(apply(rerender(FORMER, 2))).containsExactly(new Outcome.Stale());
    assertThat(texts()).isEmpty();
  }

  @Test
  void aNewerVersionWinsInTheSameBatchToo() {
    apply(upsert(FORMER, 1, 1, "body", "a", "title", "t"));
    assertThat(
            apply(
                upsert(PRESENT, 2, 1, "body", "new", "title", "t"),
                rerender(PRESENT, 1),
                new Delete(id(1), false, origin(3))))
        .hasSize(3)
        .element(1)
        .isEqualTo(new Outcome.Stale());
    assertThat(texts()).isEmpty();
    assertThat(stored(1).state().deleted()).isTrue();
  }

  @Test
  void aChangeThatComesBetweenReadingAndCommittingWins() {
    apply(upsert(FORMER, 1, 1, "body", "a", "title", "t"));
    var raced =
        new ForwardingIndexStore(store) {
          private boolean first = true;

          @Override
          public void commit(StoreUpdate update) throws ConcurrentUpdateException {
            if (first) {
              first = false;
              sink.apply(List.of(upsert(FORMER, 2, 1, "body", "live", "title", "u")));
            }
            super.commit(update);
          }
        };
    try (var other = sink(raced)) {
      assertThat(indexed(other.apply(List.of(rerender(PRESENT, 1))))).isEqualTo(new Indexed(2, 1));
    }
    assertThat(texts()).containsExactly("1:live", "1:u");
    assertThat(stored(1).state().position()).isEqualTo(origin(2).position());
  }

  @Test
  void aDocumentThatLacksAColumnStaysAsItIs() {
    TableMapping brand = mapping("{body} {brand}", null);
    apply(upsert(FORMER, 1, 1, "body", "a"));
    StoredDocument before = stored(1);

    assertThat(apply(rerender(brand, 1))).containsExactly(new Outcome.Lacking(Set.of("brand")));
    assertThat(stored(1)).isEqualTo(before);
    assertThat(store.failures().count()).isZero();
  }

  /** Nobody knows which columns its row has beside those that the former mapping named. */
  @Test
  void aMappingOfAllColumnsIsNotSatisfiedWithSome() {
    TableMapping some = mapping("{body}", Set.of("title"));
    apply(upsert(some, 1, 1, "body", "a", "title", "t", "price", 9));
    assertThat(apply(rerender(FORMER, 1))).containsExactly(new Outcome.Lacking(Set.of()));
    assertThat(stored(1).renderedBy()).isEqualTo(Renderings.UNSPLIT.of(some));
  }

  @Test
  void whatIsToBeAnewIsEmbeddedAndWrittenWhateverSeemsToBeStored() {
    apply(upsert(FORMER, 1, 1, "body", "a|b"), upsert(FORMER, 1, 2, "body", "c"));
    assertThat(indexed(apply(rerender(FORMER, 1, Segments.ANEW)))).isEqualTo(new Indexed(2, 2));
    assertThat(embedded).containsExactly("a", "b");
    assertThat(texts()).containsExactly("1:a", "1:b", "2:c");
  }

  /** As where the index is another system than the ledger. */
  @Test
  void segmentsThatTheIndexLacksAreWritten() throws Exception {
    apply(upsert(FORMER, 1, 1, "body", "a|b"));
    var write = stored(1);
    store.commit(
        new StoreUpdate(
            LedgerUpdate.of(
                List.of(
                    new DocumentWrite(
                        write.state(),
                        write.revision(),
                        write.contentHash(),
                        write.metadataHash(),
                        write.renderedBy(),
                        write.indexedAt(),
                        null,
                        null))),
            List.of()));
    assertThat(texts()).isEmpty();

    assertThat(indexed(apply(rerender(FORMER, 1)))).isEqualTo(new Indexed(2, 2));
    assertThat(texts()).containsExactly("1:a", "1:b");
  }

  @Test
  void aTextThatBecomesTooLargeForTheBatchIsMadeBesideIt() {
    String body = "x|".repeat(10) + "y";
    apply(upsert(FORMER, 1, 1, "body", body, "title", "t"));
    TableMapping many = mapping("{body}|" + "{title}|".repeat(80), null);

    List<Outcome> outcomes = apply(rerender(many, 1));
    assertThat(outcomes).containsExactly(new Outcome.Deferred());
    await().until(() -> stored(1).renderedBy().equals(Renderings.UNSPLIT.of(many)));
    await()
        .untilAsserted(
            () ->
                assertThat(sink.apply(List.of(rerender(many, 1))))
                    .singleElement()
                    .isInstanceOf(Outcome.Indexed.class));
    assertThat(texts()).hasSize(91);
  }
}
