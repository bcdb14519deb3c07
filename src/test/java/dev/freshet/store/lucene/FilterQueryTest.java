package dev.freshet.store.lucene;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.store.SegmentWrite;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FilterQueryTest {

  private static final TableId PRODUCTS = TableId.parse("public.products");
  private static final String LONG_TEXT = "a long story, ".repeat(4_000);

  private static ByteBuffersDirectory directory;
  private static DirectoryReader reader;

  @BeforeAll
  static void index() throws IOException {
    directory = new ByteBuffersDirectory();
    try (var writer = new IndexWriter(directory, new IndexWriterConfig())) {
      write(writer, "lamp", metadata().put("price", 20).put("room", "hall").put("new", true));
      write(writer, "sofa", metadata().put("price", 900.5).put("room", "living"));
      write(writer, "rug", metadata().put("price", new BigDecimal("90.50")).put("room", "50%*?"));
      write(writer, "book", metadata().put("sku", 9_007_199_254_740_993L).put("room", LONG_TEXT));
      write(writer, "bowl", metadata().put("price", "20").putNull("room"));
    }
    reader = DirectoryReader.open(directory);
  }

  @AfterAll
  static void close() throws IOException {
    reader.close();
    directory.close();
  }

  @Test
  void numbersAreComparedBySize() {
    assertThat(found(metadataKey("price").isGreaterThan(20))).containsExactly("sofa", "rug");
    assertThat(found(metadataKey("price").isGreaterThanOrEqualTo(20L)))
        .containsExactly("lamp", "sofa", "rug");
    assertThat(found(metadataKey("price").isLessThan(90.5))).containsExactly("lamp");
    assertThat(found(metadataKey("price").isLessThanOrEqualTo(90.5f)))
        .containsExactly("lamp", "rug");
    assertThat(found(metadataKey("price").isBetween(90, 91))).containsExactly("rug");
  }

  @Test
  void equalNumbersAreEqualHoweverTheyAreWritten() {
    assertThat(found(metadataKey("price").isEqualTo(90.5))).containsExactly("rug");
    assertThat(found(metadataKey("price").isEqualTo(20.0))).containsExactly("lamp");
    assertThat(found(metadataKey("price").isIn(20, 900.5))).containsExactly("lamp", "sofa");
  }

  @Test
  void largeIntegersAreToldApart() {
    assertThat(found(metadataKey("sku").isEqualTo(9_007_199_254_740_993L))).containsExactly("book");
    assertThat(found(metadataKey("sku").isEqualTo(9_007_199_254_740_992L))).isEmpty();
  }

  @Test
  void textsAreComparedAsTexts() {
    assertThat(found(metadataKey("room").isEqualTo("hall"))).containsExactly("lamp");
    assertThat(found(metadataKey("room").isGreaterThan("hall"))).containsExactly("sofa");
    assertThat(found(metadataKey("room").isLessThanOrEqualTo("a"))).containsExactly("rug");
    assertThat(found(metadataKey("room").isIn("hall", "living"))).containsExactly("lamp", "sofa");
  }

  @Test
  void booleansAreCompared() {
    assertThat(found(new IsEqualTo("new", true))).containsExactly("lamp");
    assertThat(found(new IsEqualTo("new", false))).isEmpty();
    assertThat(found(new IsEqualTo("new", "true"))).isEmpty();
  }

  @Test
  void aMissingKeyOnlyDiffers() {
    assertThat(found(metadataKey("room").isNotEqualTo("hall")))
        .containsExactly("sofa", "rug", "book", "bowl");
    assertThat(found(metadataKey("room").isNotIn("hall", "living")))
        .containsExactly("rug", "book", "bowl");
    assertThat(found(metadataKey("colour").isGreaterThanOrEqualTo(""))).isEmpty();
    assertThat(found(metadataKey("colour").isLessThan(1))).isEmpty();
  }

  @Test
  void conditionsAreCombined() {
    Filter cheap = metadataKey("price").isLessThan(100);
    assertThat(found(cheap.and(metadataKey("room").isEqualTo("hall")))).containsExactly("lamp");
    assertThat(found(cheap.or(metadataKey("room").isEqualTo("living"))))
        .containsExactly("lamp", "sofa", "rug");
    assertThat(found(Filter.not(cheap))).containsExactly("sofa", "book", "bowl");
    assertThat(found(Filter.not(Filter.not(cheap)))).containsExactly("lamp", "rug");
  }

  @Test
  void aPartIsFoundLiterally() {
    assertThat(found(metadataKey("room").containsString("all"))).containsExactly("lamp");
    assertThat(found(metadataKey("room").containsString("%*"))).containsExactly("rug");
    assertThat(found(metadataKey("room").containsString("*?"))).containsExactly("rug");
  }

  @Test
  void aTextOfAnyLengthCanBeAskedFor() {
    assertThat(found(metadataKey("room").isEqualTo(LONG_TEXT))).containsExactly("book");
    assertThat(found(metadataKey("room").isEqualTo(LONG_TEXT + "."))).isEmpty();
  }

  private static ObjectNode metadata() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void write(IndexWriter writer, String key, ObjectNode metadata)
      throws IOException {
    var id = new DocumentId(PRODUCTS, List.of(key));
    var segment = new SegmentWrite(UUID.randomUUID(), 0, key, null);
    writer.addDocument(SegmentDocument.of(id, segment, new float[] {1, 0}, metadata));
  }

  private static List<String> found(Filter filter) {
    try {
      var searcher = new IndexSearcher(reader);
      var stored = searcher.storedFields();
      var keys = new ArrayList<String>();
      for (var hit : searcher.search(FilterQuery.of(filter), 10).scoreDocs) {
        keys.add(StateDocument.id(stored.document(hit.doc, Set.of("table", "key"))).joinedKey());
      }
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
