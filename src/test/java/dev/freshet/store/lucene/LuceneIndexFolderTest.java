package dev.freshet.store.lucene;

import static dev.freshet.store.lucene.Writes.newProduct;
import static dev.freshet.store.lucene.Writes.product;
import static dev.freshet.store.lucene.Writes.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.MisconfiguredException;
import dev.freshet.UnavailableException;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentWrite;
import dev.langchain4j.data.embedding.Embedding;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may open an index folder, and when it answers. */
class LuceneIndexFolderTest {

  private static final EmbeddingSpace SPACE = new EmbeddingSpace("test-model", 3);

  @TempDir Path folder;

  @Test
  void anotherModelIsRefused() {
    LuceneIndexStore.open(folder, SPACE).close();
    assertThatIllegalStateException()
        .isThrownBy(() -> LuceneIndexStore.open(folder, new EmbeddingSpace("other-model", 3)))
        .withMessageContaining("test-model (3 dimensions)")
        .withMessageContaining("other-model (3 dimensions)")
        .withMessageContaining(folder.toString());
    LuceneIndexStore.open(folder, SPACE).close();
  }

  @Test
  void anIndexOfAnotherProgramIsRefused() throws Exception {
    try (var directory = FSDirectory.open(folder);
        var writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.commit();
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> LuceneIndexStore.open(folder, SPACE))
        .withMessageContaining(folder.toString());
  }

  @Test
  void aSecondStoreOnTheFolderIsRefused() {
    try (var first = LuceneIndexStore.open(folder, SPACE)) {
      assertThatThrownBy(() -> LuceneIndexStore.open(folder, SPACE))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("another Freshet");
      assertThat(first.status().available()).isTrue();
      assertThat(first.status().description()).isEqualTo("the index in " + folder + " answers");
    }
  }

  @Test
  void aKilledProcessLeavesItsCommitsAndFreesTheFolder() throws Exception {
    Process other = otherProcess();
    try (var output =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      int committed = 0;
      while (committed < 20) {
        committed = Integer.parseInt(output.readLine());
      }
      assertThatThrownBy(() -> LuceneIndexStore.open(folder, SPACE))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("another Freshet");
      other.destroyForcibly().waitFor();
      try (var store = LuceneIndexStore.open(folder, SPACE)) {
        assertThat(store.read(Set.of(product(committed)), Set.of()).documents()).hasSize(1);
        assertThat(store.documentsOf(Writes.PRODUCTS)).hasSizeGreaterThanOrEqualTo(committed);
      }
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private Process otherProcess() throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EndlessWriter.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void closingTwiceIsClosingOnce() {
    var store = LuceneIndexStore.open(folder, SPACE);
    store.close();
    store.close();
    assertThat(store.status().available()).isFalse();
    assertThatThrownBy(() -> store.commit(update())).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> store.read(Set.of(product(1)), Set.of()))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void aFolderThatVanishedIsReported() throws Exception {
    Path index = folder.resolve("index");
    try (var store = LuceneIndexStore.open(index, SPACE)) {
      Path elsewhere = Files.move(index, folder.resolve("elsewhere"));
      assertThat(store.status().available()).isFalse();
      assertThat(store.status().description()).contains(index.toString());
      Files.move(elsewhere, index);
      assertThat(store.status().available()).isTrue();
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsReported() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> LuceneIndexStore.open(file.resolve("index"), SPACE))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContainingAll(file.toString(), "set freshet.data-dir (FRESHET_DATA_DIR");
  }

  @Test
  void aLedgerNeedsNoVectors() throws Exception {
    try (var ledger = LuceneIndexStore.openLedger(folder)) {
      ledger.commit(update(newProduct(1)).ledger());
    }
    try (var ledger = LuceneIndexStore.openLedger(folder)) {
      assertThat(ledger.documentsOf(Writes.PRODUCTS)).containsExactly(product(1));
      ledger.commit(Writes.truncation(40).ledger());
      assertThat(ledger.documentsOf(Writes.PRODUCTS)).isEmpty();
    }
  }

  @Test
  void aModelOfManyDimensionsIsKept() throws Exception {
    float[] wide = new float[3072];
    wide[3071] = 1;
    var vector = Embedding.from(wide);
    var segment = new SegmentWrite(Writes.id(1, "x"), 0, "x", vector);
    try (var store = LuceneIndexStore.open(folder, new EmbeddingSpace("wide", 3072))) {
      store.commit(update(product(1, 0, Writes.metadata(1), List.of(segment))));
    }
    try (var store = LuceneIndexStore.open(folder, new EmbeddingSpace("wide", 3072))) {
      assertThat(store.findNearest(vector, SearchScope.everything(5), false)).hasSize(1);
    }
  }

  /** Commits one document after the other until it is killed, and says so. */
  static final class EndlessWriter {

    private EndlessWriter() {}

    public static void main(String[] arguments) throws Exception {
      try (var store = LuceneIndexStore.open(Path.of(arguments[0]), SPACE)) {
        for (int key = 1; ; key++) {
          store.commit(update(newProduct(key, "text " + key)));
          System.out.println(key);
        }
      }
    }
  }
}
