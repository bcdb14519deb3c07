package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.ARTICLES;
import static dev.freshet.store.StoreFixtures.NOW;
import static dev.freshet.store.StoreFixtures.PRODUCTS;
import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.origin;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.segmentId;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.ArrivalPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.langchain4j.data.embedding.Embedding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link IndexStore} must do. */
public abstract class IndexStoreContract
    implements ReplacementContract, MetadataFilterContract, ConcurrencyContract {

  protected static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);
  private static final DocumentId ONE = product(1);
  private static final DocumentId TWO = product(2);

  private IndexStore store;

  /** Opens the test's own store; a second call after closing finds what the first left. */
  protected abstract IndexStore open(EmbeddingSpace space);

  @BeforeEach
  void openStore() {
    store = open(SPACE);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Override
  public IndexStore store() {
    return store;
  }

  private List<Hit> nearest(float... vector) {
    return store.findNearest(Embedding.from(vector), SearchScope.everything(100), false);
  }

  private void refused(StoreUpdate update) {
    assertThatExceptionOfType(ConcurrentUpdateException.class)
        .isThrownBy(() -> store.commit(update));
  }

  @Test
  void whatWasNeverWrittenIsAbsent() {
    assertThat(stored(ONE)).isEmpty();
    assertThat(store.read(Set.of(), Set.of())).isEqualTo(store.read(Set.of(TWO), Set.of(ARTICLES)));
    assertThat(store.documentsOf(PRODUCTS)).isEmpty();
    assertThat(nearest(1, 0, 0)).isEmpty();
  }

  @Test
  void aStateComesBackExactly() throws Exception {
    var beforeFirstCommit = new WalPosition(2, null, true, new Lsn(-3));
    var write =
        writing(ONE, 5)
            .from(new Origin(beforeFirstCommit, null, null, null, NOW))
            .column("text", TextNode.valueOf("日本 🎉 \" \\ \n \u0001"), beforeFirstCommit)
            .column("older", TextNode.valueOf("kept"), at(1))
            .column("nothing", NullNode.getInstance(), beforeFirstCommit)
            .column("long", LongNode.valueOf(9_007_199_254_740_993L), beforeFirstCommit)
            .column("big", BigIntegerNode.valueOf(new BigInteger("92233720368547758080")), at(2))
            .column("decimal", DecimalNode.valueOf(new BigDecimal("12.30")), beforeFirstCommit)
            .column("nul", TextNode.valueOf("a\0b"), beforeFirstCommit)
            .column(
                "nested",
                JsonNodeFactory.instance.objectNode().set("a", TextNode.valueOf("b")),
                beforeFirstCommit)
            .metadata("category", "books")
            .segment("first", 1, 0, 0)
            .segment("second", 0, 1, 0)
            .done();
    store.commit(new StoreUpdate(List.of(), List.of(write)));

    StoredDocument stored = stored(ONE).orElseThrow();
    assertThat(stored.state().id()).isEqualTo(ONE);
    assertThat(stored.state().origin()).isEqualTo(write.state().origin());
    assertThat(stored.state().columns().keySet()).containsAll(write.state().columns().keySet());
    write
        .state()
        .columns()
        .forEach(
            (name, version) -> {
              var column = stored.state().columns().get(name);
              assertThat(column.position()).as(name).isEqualTo(version.position());
              assertThat(column.value().toString()).as(name).isEqualTo(version.value().toString());
            });
    assertThat(stored.revision()).isEqualTo(1);
    assertThat(stored.contentHash()).isEqualTo("content-hash");
    assertThat(stored.metadataHash()).isEqualTo("metadata-hash");
    assertThat(stored.indexedAt()).isEqualTo(NOW.plusMillis(20));
    assertThat(stored.segments())
        .containsExactly(
            new StoredSegment(segmentId(ONE, "first"), 0),
            new StoredSegment(segmentId(ONE, "second"), 1));
  }

  @Test
  void everyPartOfAnOriginComesBack() throws Exception {
    var arrived = origin(new ArrivalPosition(1_795_195_385_796_649L));
    store.commit(update(writing(ONE, 1), writing(TWO, 1).from(arrived)));
    assertThat(stored(ONE).orElseThrow().state().origin()).isEqualTo(origin(at(1)));
    assertThat(stored(TWO).orElseThrow().state().origin()).isEqualTo(arrived);
  }

  @Test
  void aTombstoneHasNoSegmentsAndIsNoDocument() throws Exception {
    store.commit(update(writing(ONE, 1).segment("text", 1, 0, 0)));
    store.commit(
        update(writing(ONE, 2).over(1).deleted().column("title", TextNode.valueOf("x"), at(1))));
    StoredDocument tombstone = stored(ONE).orElseThrow();
    assertThat(tombstone.state().deleted()).isTrue();
    assertThat(tombstone.state().columns()).containsOnlyKeys("title");
    assertThat(tombstone.revision()).isEqualTo(2);
    assertThat(tombstone.segments()).isEmpty();
    assertThat(store.documentsOf(PRODUCTS)).isEmpty();
    assertThat(nearest(1, 0, 0)).isEmpty();
  }

  @Test
  void onlyOldTombstonesAreForgotten() throws Exception {
    store.commit(update(writing(ONE, 1).deleted(), writing(TWO, 1).segment("text", 1, 0, 0)));
    Instant deletedAt = stored(ONE).orElseThrow().indexedAt();

    assertThat(store.forgetTombstones(deletedAt)).isZero();
    assertThat(stored(ONE)).isPresent();
    assertThat(store.forgetTombstones(deletedAt.plusSeconds(1))).isEqualTo(1);
    assertThat(stored(ONE)).isEmpty();
    assertThat(stored(TWO)).isPresent();
    assertThat(nearest(1, 0, 0)).hasSize(1);
    store.commit(update(writing(ONE, 1).segment("again", 1, 0, 0)));
  }

  @Test
  void aWrongRevisionChangesNothingOfTheUpdate() throws Exception {
    store.commit(update(writing(ONE, 1).segment("old", 1, 0, 0)));
    for (long wrong : List.of(0L, 2L)) {
      refused(
          update(
              writing(TWO, 1).segment("two", 0, 1, 0),
              writing(ONE, 2).over(wrong).segment("new", 1, 0, 0)));
    }
    refused(update(writing(TWO, 1).over(1)));
    assertThat(stored(TWO)).isEmpty();
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(1));
    assertThat(nearest(1, 0, 0)).extracting(Hit::text).containsExactly("old");
  }

  @Test
  void aKeptSegmentKeepsItsVectorWhileItsPlaceAndMetadataChange() throws Exception {
    store.commit(
        update(writing(ONE, 1).metadata("v", 1).segment("kept", 1, 0, 0).segment("gone", 0, 1, 0)));
    store.commit(
        update(writing(ONE, 2).over(1).metadata("v", 2).segment("new", 0, 0, 1).kept("kept")));
    assertThat(stored(ONE).orElseThrow().segments())
        .extracting(StoredSegment::id)
        .containsExactly(segmentId(ONE, "new"), segmentId(ONE, "kept"));
    List<Hit> hits = nearest(1, 0, 0);
    assertThat(hits).extracting(Hit::text).containsExactly("kept", "new");
    assertThat(hits.get(0).score()).isCloseTo(1, within(1e-5));
    assertThat(hits.get(0).ordinal()).isEqualTo(1);
    assertThat(hits).extracting(hit -> hit.metadata().toString()).containsOnly("{\"v\":2}");
  }

  @Test
  void aTruncationDeletesExactlyWhatItSupersedes() throws Exception {
    DocumentId article = DocumentId.of(ARTICLES, "1");
    store.commit(
        update(
            writing(ONE, 4).segment("older", 1, 0, 0),
            writing(TWO, 6).segment("newer", 1, 0, 0),
            writing(product(3), 1).from(origin(new ArrivalPosition(1))).segment("arrived", 1, 0, 0),
            writing(article, 1).segment("other table", 1, 0, 0)));
    store.commit(truncation(PRODUCTS, at(5)));
    assertThat(nearest(1, 0, 0))
        .extracting(Hit::text)
        .containsExactlyInAnyOrder("newer", "other table");
    assertThat(stored(ONE)).isEmpty();
    assertThat(store.documentsOf(PRODUCTS)).containsExactly(TWO);
    assertThat(store.read(Set.of(), Set.of(PRODUCTS, ARTICLES)).truncations())
        .containsOnlyKeys(PRODUCTS)
        .containsValue(at(5));
  }

  @Test
  void anOlderTruncationDoesNotReplaceANewerOne() throws Exception {
    store.commit(truncation(PRODUCTS, at(5)));
    store.commit(truncation(PRODUCTS, at(3)));
    assertThat(store.read(Set.of(), Set.of(PRODUCTS)).truncations()).containsValue(at(5));
  }

  @Test
  void whatIsWrittenInTheTruncationsUpdateStays() throws Exception {
    store.commit(update(writing(ONE, 1).segment("old", 1, 0, 0)));
    store.commit(
        truncation(
            PRODUCTS,
            at(5),
            writing(ONE, 6).over(1).segment("new", 1, 0, 0),
            writing(TWO, 7).segment("two", 0, 1, 0)));
    assertThat(nearest(1, 0, 0)).extracting(Hit::text).containsExactly("new", "two");
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(6));
    assertThat(stored(ONE).orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  void aWriteThatDoesNotSupersedeTheTruncationIsRefused() throws Exception {
    store.commit(truncation(PRODUCTS, at(5)));
    refused(update(writing(ONE, 4)));
    store.commit(update(writing(ONE, 6)));
  }

  @Test
  void theNearestComesFirstWithLangChainsScore() throws Exception {
    store.commit(
        update(
            writing(ONE, 1).segment("opposite", -1, 0, 0),
            writing(TWO, 1).segment("right angle", 0, 1, 0).segment("same", 2, 0, 0)));
    for (boolean exact : List.of(true, false)) {
      List<Hit> hits =
          store.findNearest(
              Embedding.from(new float[] {1, 0, 0}), SearchScope.everything(3), exact);
      assertThat(hits).extracting(Hit::text).containsExactly("same", "right angle", "opposite");
      assertThat(hits.get(0).score()).isCloseTo(1, within(1e-5));
      assertThat(hits.get(1).score()).isCloseTo(0.5, within(1e-5));
      assertThat(hits.get(2).score()).isCloseTo(0, within(1e-5));
    }
    assertThat(
            store.findNearest(
                Embedding.from(new float[] {1, 0, 0}), SearchScope.everything(1), false))
        .hasSize(1);
  }

  @Test
  void aHitSaysWhereItComesFrom() throws Exception {
    DocumentId composite =
        new DocumentId(TableId.parse("public.order_lines"), List.of("a,b", "c\\d"));
    store.commit(update(writing(composite, 9).metadata("n", 1.5).segment("text", 1, 0, 0)));
    assertThat(nearest(1, 0, 0))
        .singleElement()
        .satisfies(
            hit -> {
              assertThat(hit.documentId()).isEqualTo(composite);
              assertThat(hit.ordinal()).isZero();
              assertThat(hit.origin()).isEqualTo(origin(at(9)));
              assertThat(hit.indexedAt()).isEqualTo(NOW.plusMillis(20));
              assertThat(hit.metadata().toString()).isEqualTo("{\"n\":1.5}");
            });
  }

  @Test
  void aTableScopeFindsNothingElse() throws Exception {
    store.commit(
        update(
            writing(ONE, 1).segment("a word", 1, 0, 0),
            writing(DocumentId.of(ARTICLES, "1"), 1).segment("a word", 1, 0, 0)));
    var scope = new SearchScope(10, ARTICLES, null);
    assertThat(store.findNearest(Embedding.from(new float[] {1, 0, 0}), scope, false))
        .extracting(hit -> hit.documentId().table())
        .containsExactly(ARTICLES);
    assertThat(store.findMatching("word", scope))
        .extracting(hit -> hit.documentId().table())
        .containsExactly(ARTICLES);
  }

  @Test
  void anyWordMatchesAndMoreWordsMatchBetter() throws Exception {
    store.commit(
        update(
            writing(ONE, 1).segment("A red fox", 1, 0, 0),
            writing(TWO, 1).segment("A red fox jumps over a dog", 1, 0, 0),
            writing(product(3), 1).segment("Nothing of it", 1, 0, 0)));
    List<Hit> hits = store.findMatching("fox DOG jumps", SearchScope.everything(10));
    assertThat(hits).extracting(Hit::documentId).containsExactly(TWO, ONE);
    assertThat(hits).extracting(Hit::score).allMatch(score -> score > 0);
    for (String nothing : List.of("cat", "", "?! ...", "'", "& | !", "\0")) {
      assertThat(store.findMatching(nothing, SearchScope.everything(10))).isEmpty();
    }
    for (String hostile : List.of("fox:*", "!fox", "fox' OR 1=1 --", "(fox", "fox\\", "\"fox")) {
      assertThat(store.findMatching(hostile, SearchScope.everything(10)))
          .as(hostile)
          .extracting(Hit::documentId)
          .contains(ONE, TWO);
    }
  }

  @Test
  void stateSurvivesClosingAndOpening() throws Exception {
    store.commit(truncation(ARTICLES, at(3), writing(ONE, 1).segment("text", 1, 0, 0)));
    store.close();
    store = open(SPACE);
    assertThat(stored(ONE).orElseThrow().state().position()).isEqualTo(at(1));
    assertThat(nearest(1, 0, 0)).hasSize(1);
    assertThat(store.read(Set.of(), Set.of(ARTICLES)).truncations()).containsValue(at(3));
  }

  @Test
  void anotherModelIsRefusedByName() throws Exception {
    store.commit(update(writing(ONE, 1).segment("text", 1, 0, 0)));
    store.close();
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(
            () -> {
              store = open(new EmbeddingSpace("other-model", 3));
              store.read(Set.of(ONE), Set.of());
            })
        .withMessageContaining("test-model")
        .withMessageContaining("other-model");
  }

  @Test
  void aReaderNeverSeesADocumentMissingOrHalfReplaced() throws Exception {
    store.commit(update(writing(ONE, 1).segment("a 0", 1, 0, 0).segment("b 0", 1, 0, 0)));
    var done = new AtomicBoolean();
    try (var reader = new Background()) {
      Future<Integer> reads =
          reader.run(
              () -> {
                int count = 0;
                while (!done.get()) {
                  List<Hit> hits = nearest(1, 0, 0);
                  assertThat(hits).hasSize(2);
                  assertThat(hits.get(0).text().substring(2))
                      .isEqualTo(hits.get(1).text().substring(2));
                  count++;
                }
                return count;
              });
      for (int i = 1; i <= 100; i++) {
        store.commit(
            update(
                writing(ONE, i + 1).over(i).segment("a " + i, 1, 0, 0).segment("b " + i, 1, 0, 0)));
      }
      done.set(true);
      assertThat(reads.get()).isPositive();
    }
  }

  @Test
  void concurrentWritersLoseNothing() throws Exception {
    try (var writers = new Background()) {
      List<Future<Integer>> results =
          IntStream.range(0, 4)
              .mapToObj(writer -> writers.run(() -> increment(writer, 25)))
              .toList();
      for (Future<Integer> result : results) {
        assertThat(result.get()).isEqualTo(25);
      }
    }
    assertThat(stored(ONE).orElseThrow().revision()).isEqualTo(100);
    assertThat(stored(TWO).orElseThrow().revision()).isEqualTo(100);
    assertThat(nearest(1, 0, 0)).hasSize(2);
  }

  /** Writes both documents, in an order of its own, until it has succeeded so many times. */
  private int increment(int writer, int times) {
    for (int done = 0; done < times; ) {
      long one = stored(ONE).map(StoredDocument::revision).orElse(0L);
      long two = stored(TWO).map(StoredDocument::revision).orElse(0L);
      var first = writing(ONE, one + 1).over(one).segment("one " + one, 1, 0, 0);
      var second = writing(TWO, two + 1).over(two).segment("two " + two, 1, 0, 0);
      try {
        store.commit(writer % 2 == 0 ? update(first, second) : update(second, first));
        done++;
      } catch (ConcurrentUpdateException e) {
        Thread.onSpinWait();
      }
    }
    return times;
  }

  /** Threads that end with the test. */
  private static final class Background implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    <T> Future<T> run(Callable<T> work) {
      return threads.submit(work);
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }
}
