package dev.freshet.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.index.FilterTerms;
import dev.freshet.index.SegmentWrite;
import dev.freshet.search.FilterExpressionParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
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
    assertThat(found("price > 20")).containsExactly("sofa", "rug");
    assertThat(found("price >= 20.0")).containsExactly("lamp", "sofa", "rug");
    assertThat(found("price < 90.5")).containsExactly("lamp");
    assertThat(found("price <= 90.50")).containsExactly("lamp", "rug");
    assertThat(found("price >= 90 and price <= 91")).containsExactly("rug");
  }

  @Test
  void equalNumbersAreEqualHoweverTheyAreWritten() {
    assertThat(found("price = 90.5")).containsExactly("rug");
    assertThat(found("price = 2e1")).containsExactly("lamp");
    assertThat(found("price in (20, 900.5)")).containsExactly("lamp", "sofa");
  }

  @Test
  void textsAreComparedAsTexts() {
    assertThat(found("room = hall")).containsExactly("lamp");
    assertThat(found("room > hall")).containsExactly("sofa");
    assertThat(found("room <= a")).containsExactly("rug");
    assertThat(found("room in (hall, living)")).containsExactly("lamp", "sofa");
  }

  @Test
  void aMissingKeyOnlyDiffers() {
    assertThat(found("room != hall")).containsExactly("sofa", "rug", "book", "bowl");
    assertThat(found("colour >= ''")).isEmpty();
    assertThat(found("colour < 1")).isEmpty();
  }

  @Test
  void aTextOfAnyLengthCanBeAskedFor() {
    assertThat(found("room = '" + LONG_TEXT + "'")).containsExactly("book");
    assertThat(found("room = '" + LONG_TEXT + ".'")).isEmpty();
  }

  @Test
  void aRowOfAnyWidthAddsNoFields() {
    ObjectNode wide = metadata();
    IntStream.range(0, 1_600).forEach(column -> wide.put("column" + column, column));
    var segment = new SegmentWrite(UUID.randomUUID(), 0, "text", null);
    var id = new DocumentId(PRODUCTS, List.of("wide"));

    var document =
        SegmentDocument.of(
            id, segment, new float[] {1, 0}, SegmentDocument.terms(FilterTerms.of(wide)));

    assertThat(document.getFields().stream().map(IndexableField::name).distinct())
        .hasSizeLessThan(12);
  }

  private static ObjectNode metadata() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void write(IndexWriter writer, String key, ObjectNode metadata)
      throws IOException {
    var id = new DocumentId(PRODUCTS, List.of(key));
    var segment = new SegmentWrite(UUID.randomUUID(), 0, key, null);
    writer.addDocument(
        SegmentDocument.of(
            id, segment, new float[] {1, 0}, SegmentDocument.terms(FilterTerms.of(metadata))));
  }

  private static List<String> found(String filter) {
    try {
      var searcher = new IndexSearcher(reader);
      var stored = searcher.storedFields();
      var keys = new ArrayList<String>();
      for (var hit :
          searcher.search(FilterQuery.of(new FilterExpressionParser().parse(filter)), 10)
              .scoreDocs) {
        keys.add(StateDocument.id(stored.document(hit.doc, Set.of("table", "key"))).joinedKey());
      }
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
