package dev.freshet.store.lucene;

import static dev.freshet.store.lucene.Writes.newProduct;
import static dev.freshet.store.lucene.Writes.product;
import static dev.freshet.store.lucene.Writes.segments;
import static dev.freshet.store.lucene.Writes.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.Hit;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SearchScope;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.search.FilterExpressionParser;
import dev.langchain4j.data.embedding.Embedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to searches of a Lucene index. */
class LuceneSearchTest {

  private static final SearchScope EVERYTHING = SearchScope.everything(1_000);

  @TempDir Path folder;
  private LuceneIndexStore store;

  @BeforeEach
  void open() {
    store = LuceneIndexStore.open(folder, new EmbeddingSpace("test-model", 3));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aSearchDuringUpdatesSeesOneVersionOnly() throws Exception {
    store.commit(update(version(0), other(0)));
    var writing = CompletableFuture.runAsync(this::writeVersions);
    int searches = 0;
    while (!writing.isDone() || searches == 0) {
      var found = store.findNearest(Writes.vector(0), EVERYTHING, searches++ % 2 == 0);
      assertThat(found).hasSize(8);
      assertThat(found.stream().map(hit -> hit.text().replaceAll(" .*", "")).distinct()).hasSize(1);
    }
    writing.get();
  }

  private void writeVersions() {
    try {
      for (int version = 1; version <= 60; version++) {
        store.commit(update(version(version), other(version)));
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Writes.Write version(int version) {
    return versionOf(1, version);
  }

  private static Writes.Write other(int version) {
    return versionOf(2, version);
  }

  private static Writes.Write versionOf(int key, int version) {
    var texts = new ArrayList<String>();
    for (String word : List.of("a", "b", "c", "d")) {
      texts.add(version + " " + word);
    }
    return product(
        key, version, Writes.metadata(version), segments(key, texts.toArray(String[]::new)));
  }

  @Test
  void aKeptSegmentIsWrittenAgainOnlyWhereItChanges() throws Exception {
    store.commit(update(product(1, 0, Writes.metadata(1), segments(1, "first", "second"))));
    int before = luceneDocuments();
    var kept = keeping(segments(1, "first", "second"));
    store.commit(update(product(1, 1, Writes.metadata(1), kept)));
    assertThat(luceneDocuments() - before).as("the state alone").isLessThanOrEqualTo(1);
    store.commit(update(product(1, 2, Writes.metadata(2), kept)));
    var hits = store.findNearest(Writes.vector(1), EVERYTHING, true);
    assertThat(hits).extracting(Hit::text).containsExactly("second", "first");
    assertThat(hits.get(0).score()).isCloseTo(1, within(1e-6));
    var cheap = new SearchScope(10, null, new FilterExpressionParser().parse("price = 2"));
    assertThat(store.findNearest(Writes.vector(1), cheap, true)).hasSize(2);
  }

  private static List<SegmentWrite> keeping(List<SegmentWrite> segments) {
    return segments.stream()
        .map(segment -> new SegmentWrite(segment.id(), segment.ordinal(), segment.text(), null))
        .toList();
  }

  private int luceneDocuments() throws Exception {
    try (var directory = FSDirectory.open(folder);
        var reader = DirectoryReader.open(directory)) {
      return reader.maxDoc();
    }
  }

  @Test
  void theApproximateIndexAgreesWithTheExactScan() throws Exception {
    var random = new Random(4);
    for (int batch = 0; batch < 10; batch++) {
      var writes = new ArrayList<Writes.Write>();
      for (int key = batch * 100; key < batch * 100 + 100; key++) {
        var segment = new SegmentWrite(new UUID(7, key), 0, "text", vector(random));
        writes.add(product(key, 0, Writes.metadata(key), List.of(segment)));
      }
      store.commit(update(writes.toArray(Writes.Write[]::new)));
    }
    var scope =
        new SearchScope(10, Writes.PRODUCTS, new FilterExpressionParser().parse("price > 300"));
    var target = vector(random);
    var exact = store.findNearest(target, scope, true);
    assertThat(exact).extracting(Hit::score).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(exact)
        .extracting(hit -> Integer.valueOf(hit.documentId().joinedKey()))
        .allMatch(price -> price > 300);
    assertThat(documents(approximate(target, scope))).isEqualTo(documents(exact)).hasSize(10);
    var unfiltered = SearchScope.everything(10);
    assertThat(documents(approximate(target, unfiltered)))
        .isEqualTo(documents(store.findNearest(target, unfiltered, true)));
  }

  private List<Hit> approximate(Embedding target, SearchScope scope) throws IOException {
    try (var directory = FSDirectory.open(folder);
        var reader = DirectoryReader.open(directory)) {
      return new SegmentSearch(new IndexSearcher(reader), scope)
          .approximate(new UnitVectors(3).of(target));
    }
  }

  private static List<DocumentId> documents(List<Hit> hits) {
    return hits.stream().map(Hit::documentId).toList();
  }

  private static Embedding vector(Random random) {
    return Embedding.from(
        new float[] {
          (float) random.nextGaussian(),
          (float) random.nextGaussian(),
          (float) random.nextGaussian()
        });
  }

  @Test
  void aColonSeparatesWords() throws Exception {
    store.commit(update(newProduct(1, "size:large"), newProduct(2, "colour: blue")));
    assertThat(store.findMatching("large", EVERYTHING)).hasSize(1);
    assertThat(store.findMatching("colour:blue", EVERYTHING)).hasSize(1);
  }

  @Test
  void aTextOfManyWordsIsNoError() throws Exception {
    store.commit(update(newProduct(1, "a lamp")));
    var text = new StringBuilder("lamp");
    for (int i = 0; i < 5_000; i++) {
      text.append(" word").append(i);
    }
    assertThat(store.findMatching(text.toString(), EVERYTHING)).hasSize(1);
  }

  @Test
  void aKeyOfAnyLengthNamesADocument() throws Exception {
    IndexedDocument content = newProduct(1, "a lamp").content();
    var id = new DocumentId(Writes.PRODUCTS, List.of("k".repeat(40_000)));
    var state = DocumentState.present(id, content.origin(), Map.of());
    store.commit(
        update(
            new Writes.Write(
                new DocumentWrite(
                    state, 0, "", "", Rendering.UNKNOWN, content.indexedAt(), null, null),
                new IndexedDocument(
                    id,
                    state.origin(),
                    content.indexedAt(),
                    content.metadata(),
                    content.segments()))));
    assertThat(store.documentsOf(Writes.PRODUCTS)).containsExactly(id);
    assertThat(store.findMatching("lamp", EVERYTHING))
        .extracting(Hit::documentId)
        .containsExactly(id);
  }

  @Test
  void aTruncationLeavesTheNewerOfManyDocuments() throws Exception {
    var writes = new ArrayList<Writes.Write>();
    for (int key = 1; key <= 3_000; key++) {
      writes.add(newProduct(key, "text " + key));
    }
    store.commit(update(writes.toArray(Writes.Write[]::new)));
    store.commit(Writes.truncation(2_991));
    assertThat(store.documentsOf(Writes.PRODUCTS))
        .hasSize(10)
        .allMatch(id -> Integer.parseInt(id.joinedKey()) > 2_990);
    assertThat(store.findMatching("text", EVERYTHING)).hasSize(10);
  }
}
