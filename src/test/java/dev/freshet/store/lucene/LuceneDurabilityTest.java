package dev.freshet.store.lucene;

import static dev.freshet.store.lucene.Writes.PRODUCTS;
import static dev.freshet.store.lucene.Writes.newProduct;
import static dev.freshet.store.lucene.Writes.product;
import static dev.freshet.store.lucene.Writes.truncation;
import static dev.freshet.store.lucene.Writes.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.UnavailableException;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentWrite;
import dev.freshet.store.IndexStore;
import dev.freshet.store.StoreUpdate;
import dev.langchain4j.data.embedding.Embedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left after a crash or a failure at any step of a commit. */
class LuceneDurabilityTest {

  private static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  @TempDir Path folder;

  @Test
  void aRestartFindsEveryCommit() throws Exception {
    try (var store = LuceneIndexStore.open(folder, SPACE)) {
      store.commit(update(newProduct(5, "red lamp"), newProduct(9, "blue lamp")));
      store.commit(truncation(7));
    }
    try (var store = LuceneIndexStore.open(folder, SPACE)) {
      var view = store.read(Set.of(product(5), product(9)), Set.of(PRODUCTS));
      assertThat(view.documents()).containsOnlyKeys(product(9));
      assertThat(view.truncations()).containsEntry(PRODUCTS, Writes.position(7));
      assertThat(texts(store)).containsExactly("blue lamp");
    }
  }

  @Test
  void aCrashAtAnyStepLeavesAllOfAnUpdateOrNothing() throws Exception {
    Path index = Files.createDirectory(folder.resolve("index"));
    var copies = new ArrayList<Path>();
    var directory = new WatchedDirectory(index);
    try (var store = new LuceneIndexStore(index, directory, SPACE)) {
      store.commit(update(newProduct(1, "old one"), newProduct(2, "old two")));
      directory.watch(step -> copies.add(copy(index, folder.resolve("crash" + step))));
      store.commit(truncation(50, newProduct(60, "new one"), newProduct(70, "new two")));
      directory.watch(step -> {});
    }
    assertThat(copies).hasSizeGreaterThan(3);
    assertThat(copies)
        .extracting(LuceneDurabilityTest::reopened)
        .containsOnly(List.of("old one", "old two"), List.of("new one", "new two"))
        .startsWith(List.of("old one", "old two"));
    assertThat(reopened(index)).containsExactly("new one", "new two");
  }

  @Test
  void aFailureAtAnyStepChangesNothingAndHeals() throws Exception {
    var directory = new WatchedDirectory(folder);
    try (var store = new LuceneIndexStore(folder, directory, SPACE)) {
      store.commit(update(newProduct(1, "old one"), newProduct(2, "old two")));
      StoreUpdate next = truncation(50, newProduct(60, "new one"), newProduct(70, "new two"));
      int failures = 0;
      while (failsAt(failures, directory, () -> store.commit(next))) {
        failures++;
        assertThat(texts(store)).containsExactly("old one", "old two");
        assertThat(store.status().available()).isTrue();
      }
      assertThat(failures).isGreaterThan(3);
      assertThat(texts(store)).containsExactly("new one", "new two");
    }
  }

  @Test
  void aPoisonedUpdateChangesNothing() throws Exception {
    try (var store = LuceneIndexStore.open(folder, SPACE)) {
      store.commit(update(newProduct(1, "old")));
      var poisoned = product(62, 0, Writes.metadata(2), List.of(poisonedSegment()));
      assertThatThrownBy(() -> store.commit(truncation(50, newProduct(60, "new"), poisoned)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(texts(store)).containsExactly("old");
      store.commit(update(newProduct(3, "next")));
      assertThat(texts(store)).containsExactly("next", "old");
    }
  }

  private static SegmentWrite poisonedSegment() {
    var vector = Embedding.from(new float[] {Float.NaN, 0, 0});
    return new SegmentWrite(Writes.id(2, "poison"), 0, "poison", vector);
  }

  private interface Commit {
    void run() throws Exception;
  }

  private static boolean failsAt(int failing, WatchedDirectory directory, Commit commit)
      throws Exception {
    directory.watch(
        step -> {
          if (step == failing) {
            throw new IOException("No space left on device");
          }
        });
    try {
      commit.run();
      return false;
    } catch (UnavailableException e) {
      assertThat(e).hasMessageContaining("No space left on device");
      return true;
    } finally {
      directory.watch(step -> {});
    }
  }

  private static List<String> reopened(Path copy) {
    try (var store = LuceneIndexStore.open(copy, SPACE)) {
      return texts(store);
    }
  }

  private static List<String> texts(IndexStore store) {
    var scope = SearchScope.everything(100);
    return store.findNearest(Writes.vector(0), scope, true).stream()
        .map(Hit::text)
        .sorted()
        .toList();
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(any -> !any.endsWith("write.lock")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }
}
