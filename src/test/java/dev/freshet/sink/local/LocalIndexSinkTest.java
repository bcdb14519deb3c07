package dev.freshet.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.Renderings;
import dev.freshet.document.TableMapping;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.MetadataSelection;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.sink.Outcome;
import dev.freshet.store.IndexStore;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalIndexSinkTest {

  private static final TableId TABLE = TableId.parse("public.docs");
  private static final TableMapping MAPPING =
      new TableMapping(TABLE, List.of("id"), new ContentTemplate("{body}"), null, Set.of());

  private static final int MOST_METADATA = 1_000;

  /** When each batch begins. */
  private static final Instant START = Instant.parse("2026-11-20T17:22:55.711375Z");

  /** When a batch's texts are embedded, if there are any. */
  private static final Instant EMBEDDED = START.plusMillis(90);

  @TempDir private Path folder;

  private Instant now = START;

  /** Every text that was embedded, in order. */
  private final List<String> embedded = new ArrayList<>();

  private IndexStore store;
  private LocalIndexSink sink;

  /** A vector is the text's length and first letter: enough to tell texts apart. */
  private final EmbeddingModel model =
      segments -> {
        segments.forEach(segment -> embedded.add(segment.text()));
        now = EMBEDDED;
        return Response.from(segments.stream().map(LocalIndexSinkTest::vector).toList());
      };

  private static Embedding vector(TextSegment segment) {
    return Embedding.from(new float[] {segment.text().length(), segment.text().charAt(0), 1});
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
        text -> text.isBlank() ? List.of() : List.of(text.split("\\|")),
        Renderings.UNSPLIT,
        MOST_METADATA,
        clock);
  }

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }
      };

  @AfterEach
  void close() {
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
  private static Upsert upsert(long lsn, int key, Object... columns) {
    var values = new LinkedHashMap<String, JsonNode>();
    var unavailable = new ArrayList<String>();
    for (int i = 0; i < columns.length; i += 2) {
      if (columns[i + 1] == null) {
        unavailable.add((String) columns[i]);
      } else {
        values.put((String) columns[i], new ObjectMapper().valueToTree(columns[i + 1]));
      }
    }
    return new Upsert(
        id(key), MAPPING, new Row(values, Set.copyOf(unavailable)), null, origin(lsn));
  }

  private static Delete delete(long lsn, int key) {
    return new Delete(id(key), false, origin(lsn));
  }

  private static Truncate truncate(long lsn) {
    return new Truncate(TABLE, origin(lsn));
  }

  private List<Outcome> apply(DocumentChange... changes) {
    embedded.clear();
    now = START;
    return sink.apply(List.of(changes));
  }

  private List<String> texts() {
    return store
        .findNearest(Embedding.from(new float[] {1, 1, 1}), SearchScope.everything(1_000), true)
        .stream()
        .map(hit -> hit.documentId().joinedKey() + ":" + hit.text())
        .sorted()
        .toList();
  }

  @Test
  void aNewDocumentIsSplitEmbeddedAndSearchable() {
    assertThat(apply(upsert(1, 1, "body", "a|b")))
        .containsExactly(new Outcome.Indexed(2, 2, EMBEDDED));
    assertThat(texts()).containsExactly("1:a", "1:b");
  }

  @Test
  void onlyChangedSegmentsAreEmbedded() {
    apply(upsert(1, 1, "body", "a|b|c"));
    assertThat(apply(upsert(2, 1, "body", "c|a|x")))
        .containsExactly(new Outcome.Indexed(3, 1, EMBEDDED));
    assertThat(embedded).containsExactly("x");
    assertThat(texts()).containsExactly("1:a", "1:c", "1:x");
  }

  @Test
  void aTextThatStandsTwiceIsTwoSegments() {
    apply(upsert(1, 1, "body", "a|a"));
    assertThat(apply(upsert(2, 1, "body", "a|a|a")))
        .containsExactly(new Outcome.Indexed(3, 1, EMBEDDED));
    assertThat(texts()).containsExactly("1:a", "1:a", "1:a");
  }

  @Test
  void aChangeOfMetadataAloneEmbedsNothing() {
    apply(upsert(1, 1, "body", "a", "price", 1));
    assertThat(apply(upsert(2, 1, "body", "a", "price", 2)))
        .containsExactly(new Outcome.Indexed(1, 0, START));
    assertThat(embedded).isEmpty();
    assertThat(
            store.metadata(List.of(id(1)), new MetadataSelection(null, 1_000)).stream()
                .map(read -> read.values().path("price").asInt()))
        .containsExactly(2);
  }

  @Test
  void anUnchangedDocumentIsUnchangedButItsPositionMovesOn() {
    apply(upsert(1, 1, "body", "a"));
    assertThat(apply(upsert(2, 1, "body", "a"))).containsExactly(new Outcome.Unchanged());
    assertThat(embedded).isEmpty();
    assertThat(apply(upsert(2, 1, "body", "other"))).containsExactly(new Outcome.Stale());
  }

  private StoredDocument stored(int key) {
    return store.read(Set.of(id(key)), Set.of()).documents().get(id(key));
  }

  @Test
  void theVersionThatIsSearchableTellsWhenItWasEmbeddedAndHowMuchOfIt() {
    apply(upsert(1, 1, "body", "a|b"));
    assertThat(stored(1).embeddedAt()).isEqualTo(EMBEDDED);
    assertThat(stored(1).embedded()).isEqualTo(2);

    apply(upsert(2, 1, "body", "b"), upsert(2, 2, "body", "other"));
    assertThat(stored(1).embeddedAt()).as("nothing of it was embedded").isEqualTo(START);
    assertThat(stored(1).embedded()).isZero();
    assertThat(stored(2).embeddedAt()).isEqualTo(EMBEDDED);

    apply(delete(3, 1));
    assertThat(stored(1).embeddedAt()).isNull();
    assertThat(stored(1).embedded()).isNull();
  }

  @Test
  void anUnchangedVersionKeepsWhatIsKnownOfItsEmbedding() {
    apply(upsert(1, 1, "body", "a|b"));
    apply(upsert(2, 1, "body", "a|b"), upsert(2, 2, "body", "other"));
    assertThat(stored(1).state().position()).isEqualTo(origin(2).position());
    assertThat(stored(1).embeddedAt()).isEqualTo(EMBEDDED);
    assertThat(stored(1).embedded()).isEqualTo(2);
  }

  @Test
  void severalChangesOfOneDocumentEndAsOneVersion() {
    assertThat(
            apply(upsert(1, 1, "body", "a"), upsert(2, 1, "body", "b"), upsert(3, 1, "body", "c")))
        .containsOnly(new Outcome.Indexed(1, 1, EMBEDDED));
    assertThat(embedded).containsExactly("c");
    assertThat(texts()).containsExactly("1:c");
  }

  @Test
  void aValueThatIsLeftOutIsFilledFromTheSameBatchOrFromTheStore() {
    apply(upsert(1, 1, "body", "a", "price", 1), upsert(2, 1, "body", null, "price", 2));
    assertThat(texts()).containsExactly("1:a");
    assertThat(apply(upsert(3, 1, "body", null, "price", 3)))
        .containsExactly(new Outcome.Indexed(1, 0, START));
    assertThat(texts()).containsExactly("1:a");
  }

  @Test
  void aDocumentWithAValueThatNobodyKnowsWaitsForItWhileTheOthersGoOn() {
    List<Outcome> outcomes = apply(upsert(3, 1, "body", null), upsert(2, 2, "body", "b"));
    assertThat(outcomes.get(0)).isEqualTo(new Outcome.Incomplete(Set.of("body")));
    assertThat(outcomes.get(1)).isEqualTo(new Outcome.Indexed(1, 1, EMBEDDED));
    assertThat(texts()).containsExactly("2:b");
    assertThat(apply(upsert(1, 1, "body", "a")))
        .containsExactly(new Outcome.Indexed(1, 1, EMBEDDED));
    assertThat(texts()).containsExactlyInAnyOrder("1:a", "2:b");
    assertThat(apply(upsert(3, 1, "body", null))).containsExactly(new Outcome.Stale());
  }

  @Test
  void aValueThatFollowsInTheSameBatchCompletesTheDocument() {
    assertThat(apply(upsert(3, 1, "body", null), upsert(1, 1, "body", "a")))
        .containsOnly(new Outcome.Indexed(1, 1, EMBEDDED));
  }

  @Test
  void tooMuchMetadataIsRefusedBeforeAnythingIsEmbedded() {
    String note = "n".repeat(MOST_METADATA);
    assertThatThrownBy(() -> apply(upsert(1, 1, "body", "a|b", "note", note)))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(RejectionReason.TOO_LARGE);
              assertThat(rejected.detail()).contains("freshet.tables.public.docs.metadata");
            });
    assertThat(embedded).isEmpty();
    String shorter = "n".repeat(MOST_METADATA / 2);
    assertThat(apply(upsert(2, 1, "body", "a|b|c|d", "note", shorter)))
        .containsExactly(new Outcome.Indexed(4, 4, EMBEDDED));
  }

  @Test
  void nothingIsEmbeddedAgainWhenACommitIsTriedAgainWholeOrInHalves() {
    var failing = new FailingStore(store);
    var retrying = sink(failing);

    failing.failNext(new ConcurrentUpdateException("another was faster"));
    retrying.apply(List.of(upsert(1, 1, "body", "a|b")));
    assertThat(embedded).containsExactly("a", "b");

    embedded.clear();
    failing.failNext(new RejectedException(RejectionReason.REFUSED_BY_SINK, "no"));
    var both = List.<DocumentChange>of(upsert(2, 2, "body", "c"), upsert(3, 3, "body", "d"));
    assertThatThrownBy(() -> retrying.apply(both)).isInstanceOf(RejectedException.class);
    retrying.apply(both.subList(0, 1));
    retrying.apply(both.subList(1, 2));
    assertThat(embedded).containsExactly("c", "d");
    assertThat(texts()).containsExactly("1:a", "1:b", "2:c", "3:d");
  }

  @Test
  void aDeletedDocumentStaysDeletedForLateUpdates() {
    apply(upsert(1, 1, "body", "a"));
    assertThat(apply(delete(5, 1))).containsExactly(new Outcome.Deleted());
    assertThat(apply(upsert(4, 1, "body", "late"))).containsExactly(new Outcome.Stale());
    assertThat(texts()).isEmpty();
    assertThat(apply(upsert(6, 1, "body", "again")))
        .containsExactly(new Outcome.Indexed(1, 1, EMBEDDED));
  }

  @Test
  void aTruncateEmptiesTheTableAndWhatFollowsStays() {
    apply(upsert(1, 1, "body", "a"), upsert(2, 2, "body", "b"));
    assertThat(apply(upsert(3, 3, "body", "c"), truncate(4), upsert(5, 2, "body", "new")))
        .containsExactly(
            new Outcome.Stale(), new Outcome.Deleted(), new Outcome.Indexed(1, 1, EMBEDDED));
    assertThat(texts()).containsExactly("2:new");
    assertThat(apply(upsert(3, 3, "body", "late"))).containsExactly(new Outcome.Stale());
  }

  @Test
  void applyingABatchAgainChangesNothing() {
    DocumentChange[] batch = {
      upsert(1, 1, "body", "a"), truncate(2), upsert(3, 1, "body", "b"), delete(4, 2)
    };
    apply(batch);
    List<String> before = texts();
    assertThat(apply(batch)).containsOnly(new Outcome.Stale());
    assertThat(texts()).isEqualTo(before);
  }

  @Test
  void whateverTheOrderAndTheBatchesTheNewestVersionsWin() {
    var random = new Random(42);
    for (int history = 0; history < 20; history++) {
      int base = history * 100;
      List<DocumentChange> changes = new ArrayList<>();
      Map<Integer, String> expected = new LinkedHashMap<>();
      for (int lsn = base + 1; lsn <= base + 20; lsn++) {
        int key = base + random.nextInt(3);
        if (random.nextInt(4) == 0) {
          changes.add(delete(lsn, key));
          expected.remove(key);
        } else {
          changes.add(upsert(lsn, key, "body", "v" + lsn));
          expected.put(key, key + ":v" + lsn);
        }
      }
      deliver(disordered(changes, random), random);
      assertThat(texts().stream().filter(text -> keyOf(text) >= base).toList())
          .as("history %d", history)
          .containsExactlyInAnyOrderElementsOf(expected.values());
    }
  }

  private static int keyOf(String text) {
    return Integer.parseInt(text.substring(0, text.indexOf(':')));
  }

  private static List<DocumentChange> disordered(List<DocumentChange> changes, Random random) {
    List<DocumentChange> delivered = new ArrayList<>(changes);
    for (int i = 0; i < 10; i++) {
      delivered.add(changes.get(random.nextInt(changes.size())));
    }
    Collections.shuffle(delivered, random);
    return delivered;
  }

  private void deliver(List<DocumentChange> changes, Random random) {
    for (int start = 0; start < changes.size(); ) {
      int end = Math.min(changes.size(), start + 1 + random.nextInt(8));
      sink.apply(changes.subList(start, end));
      start = end;
    }
  }
}
