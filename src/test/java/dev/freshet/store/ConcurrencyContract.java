package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.at;
import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.segmentId;
import static dev.freshet.store.StoreFixtures.truncation;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.DocumentId;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.StoredDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Readers and writers beside each other. */
interface ConcurrencyContract extends StoreUnderTest {

  /** How many threads write at once. */
  int WRITERS = 4;

  @Test
  default void aReaderNeverSeesADocumentMissingOrOfTwoVersions() throws Exception {
    commit(version(0));
    var writing = new AtomicBoolean(true);

    List<Integer> reads =
        together(
            List.of(
                () -> replaceOften(writing),
                () -> readNearest(writing, true),
                () -> readNearest(writing, false),
                () -> readMatching(writing),
                () -> readState(writing),
                () -> readSegments(writing)));

    assertThat(reads).allMatch(count -> count > 0);
    assertThat(stored(product(1)).orElseThrow().revision()).isEqualTo(151);
  }

  private int replaceOften(AtomicBoolean writing) {
    try {
      IntStream.rangeClosed(1, 150).forEach(version -> commit(version(version)));
      return 150;
    } finally {
      writing.set(false);
    }
  }

  private int readNearest(AtomicBoolean writing, boolean exact) {
    var scope = SearchScope.everything(3);
    return whileWriting(writing, () -> assertOneVersion(index().findNearest(NORTH, scope, exact)));
  }

  private int readMatching(AtomicBoolean writing) {
    return whileWriting(
        writing,
        () -> assertOneVersion(index().findMatching("version", SearchScope.everything(10))));
  }

  private int readState(AtomicBoolean writing) {
    return whileWriting(
        writing,
        () -> {
          StoredDocument stored = stored(product(1)).orElseThrow();
          long version = stored.revision() - 1;
          assertThat(stored.state().position()).isEqualTo(at(version + 1));
        });
  }

  private int readSegments(AtomicBoolean writing) {
    return whileWriting(
        writing,
        () -> {
          int before = version();
          List<UUID> read = segments(product(1));
          assertThat(IntStream.rangeClosed(before, version() + ahead()))
              .extracting(version -> version(version).segmentIds())
              .contains(read);
        });
  }

  /** Of the document that is replaced often, as the ledger has it. */
  private int version() {
    return (int) stored(product(1)).orElseThrow().revision() - 1;
  }

  private static int whileWriting(AtomicBoolean writing, Runnable read) {
    int reads = 0;
    do {
      read.run();
      reads++;
    } while (writing.get());
    return reads;
  }

  private static StoreFixtures.Writing version(int version) {
    return writing(product(1), version + 1)
        .over(version)
        .metadata("version", version)
        .segment("version " + version + " begins", 1, 0, 0)
        .segment("version " + version + " goes on", 1, 0.1f, 0)
        .segment("version " + version + " ends", 1, 0.2f, 0);
  }

  private static void assertOneVersion(List<Hit> hits) {
    assertThat(hits).hasSize(3);
    String version = hits.get(0).text().split(" ", -1)[1];
    assertThat(hits)
        .allSatisfy(
            hit -> {
              assertThat(hit.origin().position()).isEqualTo(at(Integer.parseInt(version) + 1));
              assertThat(hit.text()).startsWith("version " + version + " ");
            });
    assertThat(hits).extracting(Hit::ordinal).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  default void ofTwoFirstVersionsOfADocumentOneIsRefusedAsAWhole() throws Exception {
    for (int round = 0; round < 40; round++) {
      DocumentId shared = product("shared" + round);
      DocumentId left = product("left" + round);
      DocumentId right = product("right" + round);
      var start = new CyclicBarrier(2);

      List<Boolean> taken =
          together(
              List.of(
                  () -> firstVersions(start, "left", left, shared),
                  () -> firstVersions(start, "right", right, shared)));

      assertThat(taken).as("round %s", round).containsExactlyInAnyOrder(true, false);
      String winner = taken.get(0) ? "left" : "right";
      assertThat(stored(left).isPresent()).isEqualTo(taken.get(0));
      assertThat(stored(right).isPresent()).isEqualTo(taken.get(1));
      assertThat(segments(shared)).containsExactly(segmentId(shared, winner));
    }
  }

  private boolean firstVersions(CyclicBarrier start, String text, DocumentId... ids)
      throws Exception {
    var update =
        update(
            Stream.of(ids)
                .map(id -> writing(id, 1).segment(text, 1, 0, 0))
                .toArray(StoreFixtures.Writing[]::new));
    start.await();
    try {
      store().commit(update);
      return true;
    } catch (ConcurrentUpdateException e) {
      return false;
    }
  }

  @Test
  default void concurrentWritersOfTheSameDocumentsLoseNothing() throws Exception {
    together(
        IntStream.range(0, WRITERS)
            .<Callable<Integer>>mapToObj(writer -> () -> writeBothOften(writer))
            .toList());

    for (DocumentId id : List.of(ONE, TWO)) {
      StoredDocument document = stored(id).orElseThrow();
      assertThat(document.revision()).isEqualTo(15L * WRITERS);
      assertThat(segments(id)).hasSize(1);
    }
  }

  /** Writes both documents in one update, in an order of its own, again and again. */
  private int writeBothOften(int writer) {
    for (int round = 0; round < 15; round++) {
      retrying(
          () -> {
            long one = stored(ONE).map(StoredDocument::revision).orElse(0L);
            long two = stored(TWO).map(StoredDocument::revision).orElse(0L);
            var first = writing(ONE, one + 1).over(one).segment("one " + one, 1, 0, 0);
            var second = writing(TWO, two + 1).over(two).segment("two " + two, 1, 0, 0);
            store().commit(writer % 2 == 0 ? update(first, second) : update(second, first));
          });
    }
    return 15;
  }

  @Test
  default void truncationsAndWritersDoNotBlockEachOtherForEver() throws Exception {
    var left = new TableId("public", "left");
    var right = new TableId("public", "right");

    together(
        IntStream.range(0, WRITERS)
            .<Callable<Integer>>mapToObj(
                writer ->
                    () -> writer % 2 == 0 ? truncateOften(left, right) : truncateOften(right, left))
            .toList());

    for (TableId table : List.of(left, right)) {
      var view = ledger().read(Set.copyOf(ledger().documentsOf(table)), Set.of(table));
      var truncation = Optional.ofNullable(view.truncations().get(table)).orElseThrow();
      assertThat(view.documents().values())
          .noneMatch(document -> truncation.supersedes(document.state().position()));
    }
  }

  /** Truncates one table and writes a document of the other, in one update, again and again. */
  private int truncateOften(TableId truncated, TableId written) throws Exception {
    for (int round = 0; round < 15; round++) {
      var id = new DocumentId(written, List.of("d" + round % 3));
      retrying(
          () -> {
            var view = ledger().read(Set.of(id), Set.of(truncated, written));
            long newest =
                view.truncations().values().stream()
                    .mapToLong(at -> ((WalPosition) at).lsn().value())
                    .max()
                    .orElse(0);
            long revision =
                Optional.ofNullable(view.documents().get(id))
                    .map(StoredDocument::revision)
                    .orElse(0L);
            var draft = writing(id, newest + 2).over(revision).segment("x", 1, 0, 0);
            store().commit(truncation(truncated, at(newest + 1), draft));
          });
    }
    return 15;
  }

  /** A read, a decision and a commit. */
  interface Attempt {
    void run() throws ConcurrentUpdateException;
  }

  private static void retrying(Attempt attempt) {
    for (int tries = 0; tries < 1_000; tries++) {
      try {
        attempt.run();
        return;
      } catch (ConcurrentUpdateException e) {
        Thread.onSpinWait();
      }
    }
    throw new AssertionError("refused a thousand times");
  }

  private static <T> List<T> together(List<Callable<T>> tasks)
      throws InterruptedException, ExecutionException, TimeoutException {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<T>> running = tasks.stream().map(threads::submit).toList();
      var results = new ArrayList<T>();
      for (Future<T> task : running) {
        results.add(task.get(60, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
