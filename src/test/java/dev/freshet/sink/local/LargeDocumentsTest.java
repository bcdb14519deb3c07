package dev.freshet.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.RejectionReason;
import dev.freshet.UnavailableException;
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
import dev.freshet.index.SearchScope;
import dev.freshet.sink.Outcome;
import dev.freshet.store.IndexStore;
import dev.freshet.store.lucene.LuceneIndexStore;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of documents with so many segments that to embed them takes long. */
class LargeDocumentsTest {

  private static final TableId TABLE = TableId.parse("public.docs");
  private static final TableMapping MAPPING =
      new TableMapping(TABLE, List.of("id"), new ContentTemplate("{body}"), null, Set.of());
  private static final Outcome DEFERRED = new Outcome.Deferred();

  @TempDir private Path folder;

  /** What the model embeds of large documents now. */
  private final Semaphore embeddable = new Semaphore(0);

  private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();
  private IndexStore store;
  private LocalIndexSink sink;

  private final EmbeddingModel model =
      segments -> {
        if (segments.get(0).text().startsWith("large")) {
          embeddable.acquireUninterruptibly(segments.size());
          RuntimeException thrown = fault.getAndSet(null);
          if (thrown != null) {
            throw thrown;
          }
        }
        return Response.from(
            segments.stream()
                .map(one -> Embedding.from(new float[] {one.text().length(), 1, 1}))
                .toList());
      };

  @BeforeEach
  void open() {
    store = LuceneIndexStore.open(folder, new EmbeddingSpace("test-model", 3));
    sink =
        new LocalIndexSink(
            store,
            model,
            text -> List.of(text.split("\\|")),
            Renderings.UNSPLIT,
            Long.MAX_VALUE,
            Clock.systemUTC());
  }

  @AfterEach
  void close() {
    embeddable.release(100_000);
    sink.close();
    store.close();
  }

  private static Origin origin(long lsn) {
    return new Origin(
        new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn)), lsn, null, null, Instant.EPOCH);
  }

  private static Upsert upsert(long lsn, String key, String body) {
    return new Upsert(
        DocumentId.of(TABLE, key),
        MAPPING,
        new Row(Map.of("body", TextNode.valueOf(body)), Set.of()),
        null,
        origin(lsn));
  }

  private static String large(String name, int segments) {
    return String.join(
        "|", IntStream.range(0, segments).mapToObj(i -> "large " + name + " " + i).toList());
  }

  private List<Outcome> apply(DocumentChange... changes) {
    return sink.apply(List.of(changes));
  }

  private Outcome awaited(DocumentChange change) {
    return await().until(() -> apply(change).get(0), outcome -> !outcome.equals(DEFERRED));
  }

  private long segmentsOf(String key) {
    return store
        .findNearest(Embedding.from(new float[] {1, 1, 1}), SearchScope.everything(1_000), true)
        .stream()
        .filter(hit -> hit.documentId().joinedKey().equals(key))
        .count();
  }

  @Test
  void theOthersOfItsBatchAreIndexedWhileALargeOneIsUnderWay() {
    Upsert large = upsert(1, "1", large("a", 200));

    List<Outcome> outcomes = apply(large, upsert(2, "2", "small"));

    assertThat(outcomes.get(0)).isEqualTo(DEFERRED);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Indexed.class);
    assertThat(segmentsOf("2")).isEqualTo(1);
    assertThat(segmentsOf("1")).isZero();
    assertThat(apply(large)).containsExactly(DEFERRED);

    embeddable.release(200);

    assertThat(awaited(large))
        .isInstanceOfSatisfying(
            Outcome.Indexed.class,
            indexed -> assertThat(indexed.segments()).isEqualTo(indexed.embedded()).isEqualTo(200));
    assertThat(segmentsOf("1")).isEqualTo(200);
  }

  @Test
  void aTextOfManyCharactersIsNotEvenSplitAmongTheOthers() {
    Upsert large = upsert(1, "1", "large" + " text".repeat(20_000));

    assertThat(apply(large, upsert(2, "2", "small")).get(0)).isEqualTo(DEFERRED);

    embeddable.release(1);
    assertThat(awaited(large)).isInstanceOf(Outcome.Indexed.class);
  }

  @Test
  void aNewerChangeOfADocumentUnderWayWaitsForIt() {
    Upsert large = upsert(1, "1", large("a", 100));
    Upsert newer = upsert(2, "1", "small");
    apply(large);

    assertThat(apply(newer, upsert(3, "2", "small")))
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(DEFERRED),
            second -> assertThat(second).isInstanceOf(Outcome.Indexed.class));

    embeddable.release(100);
    assertThat(awaited(newer)).isInstanceOf(Outcome.Indexed.class);
    assertThat(awaited(large)).isInstanceOf(Outcome.Indexed.class);
    assertThat(segmentsOf("1")).isEqualTo(1);
  }

  @Test
  void aDeletionAndATruncationOfItsTableWaitForIt() {
    Upsert large = upsert(1, "1", large("a", 100));
    var delete = new Delete(DocumentId.of(TABLE, "1"), false, origin(2));
    var truncate = new Truncate(TABLE, origin(3));
    apply(large);

    assertThat(apply(delete, truncate)).containsExactly(DEFERRED, DEFERRED);

    embeddable.release(100);
    assertThat(awaited(large)).isInstanceOf(Outcome.Indexed.class);
    assertThat(awaited(delete)).isInstanceOf(Outcome.Deleted.class);
    assertThat(awaited(truncate)).isInstanceOf(Outcome.Deleted.class);
    assertThat(segmentsOf("1")).isZero();
  }

  @Test
  void severalVersionsOfOneBatchEndAsTheNewest() {
    Upsert older = upsert(1, "1", large("a", 100));
    Upsert newer = upsert(2, "1", large("b", 90));

    assertThat(apply(older, newer)).containsExactly(DEFERRED, DEFERRED);

    embeddable.release(1_000);
    awaited(newer);
    awaited(older);
    assertThat(segmentsOf("1")).isEqualTo(90);
  }

  @Test
  void anotherLargeDocumentTakesTurnsWithTheFirst() {
    Upsert first = upsert(1, "1", large("a", 400));
    Upsert second = upsert(2, "2", large("b", 100));
    apply(first, second);

    // A portion at a time: in the end enough for the second one, and for as much of the first.
    Outcome outcome =
        await()
            .until(
                () -> {
                  embeddable.release(16);
                  return apply(second).get(0);
                },
                known -> !known.equals(DEFERRED));

    assertThat(outcome).isInstanceOf(Outcome.Indexed.class);
    assertThat(apply(first)).containsExactly(DEFERRED);
    embeddable.release(1_000);
    assertThat(awaited(first)).isInstanceOf(Outcome.Indexed.class);
  }

  @Test
  void aStoreOrModelThatDoesNotAnswerIsToldToWhoeverAsksAndThenItGoesOn() {
    Upsert large = upsert(1, "1", large("a", 100));
    fault.set(new UnavailableException("down"));
    apply(large);
    embeddable.release(1_000);

    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> apply(large))
                    .withMessage("down"));

    assertThat(awaited(large)).isInstanceOf(Outcome.Indexed.class);
  }

  @Test
  void aLargeDocumentThatShowsADefectIsRejectedAlone() {
    Upsert large = upsert(1, "1", large("a", 100));
    fault.set(new IllegalStateException("a defect"));
    apply(large, upsert(2, "2", "small"));
    embeddable.release(1_000);

    assertThat(awaited(large))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.INTERNAL_ERROR));
  }

  @Test
  void anOutcomeIsToldOnceAndADeliveryThatComesAgainIsStale() {
    Upsert large = upsert(1, "1", large("a", 100));
    embeddable.release(1_000);
    apply(large);
    assertThat(awaited(large)).isInstanceOf(Outcome.Indexed.class);

    assertThat(apply(large)).containsExactly(new Outcome.Stale());
  }

  @Test
  void whatIsGivenUpStoresNothingAndIsAppliedWhenItComesAgain() {
    Upsert large = upsert(1, "1", large("a", 100));
    apply(large);
    sink.abandon();
    embeddable.release(16);
    assertThat(segmentsOf("1")).isZero();

    embeddable.release(1_000);
    assertThat(awaited(large)).isInstanceOf(Outcome.Indexed.class);
    assertThat(segmentsOf("1")).isEqualTo(100);
  }

  @Test
  void anOutcomeThatNobodyHasTakenIsForgottenWithItsMessage() {
    Upsert large = upsert(1, "1", large("a", 100));
    embeddable.release(1_000);
    apply(large);
    await().until(() -> segmentsOf("1") == 100);

    sink.abandon();

    assertThat(awaited(large)).isEqualTo(new Outcome.Stale());
  }

  @Test
  void oneFailureIsToldOnceHoweverManyChangesMeetIt() {
    var changes =
        IntStream.range(0, 5).mapToObj(i -> (DocumentChange) upsert(i, "1", large("a" + i, 100)));
    List<DocumentChange> all = changes.toList();
    fault.set(new UnavailableException("down"));
    sink.apply(all);
    embeddable.release(10_000);

    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> sink.apply(all)));

    await().until(() -> sink.apply(all), outcomes -> !outcomes.contains(DEFERRED));
    assertThat(segmentsOf("1")).isEqualTo(100);
  }
}
