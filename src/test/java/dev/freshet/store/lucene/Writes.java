package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ColumnVersion;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.TableTruncation;
import dev.freshet.store.StoreUpdate;
import dev.langchain4j.data.embedding.Embedding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Documents to write in tests. Each segment's vector points where its ordinal says. */
final class Writes {

  static final TableId PRODUCTS = TableId.parse("public.products");

  private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

  /** A document's next version, and what searches find of it. */
  record Write(DocumentWrite version, IndexedDocument content) {}

  private Writes() {}

  static DocumentId product(int key) {
    return new DocumentId(PRODUCTS, List.of(Integer.toString(key)));
  }

  static Position position(long lsn) {
    return new WalPosition(0, new Lsn(1), false, new Lsn(lsn));
  }

  /** A new product at the LSN of its key. */
  static Write newProduct(int key, String... texts) {
    return product(key, 0, metadata(key), segments(key, texts));
  }

  static Write product(
      int key, long expectedRevision, ObjectNode metadata, List<SegmentWrite> segments) {
    var origin = new Origin(position(key + expectedRevision), 7L, NOON, null, NOON);
    var title = new ColumnVersion(TextNode.valueOf("title of " + key), origin.position());
    var state = DocumentState.present(product(key), origin, Map.of("title", title));
    var write =
        new DocumentWrite(
            state,
            expectedRevision,
            "content hash",
            "metadata hash",
            Rendering.UNKNOWN,
            NOON,
            NOON,
            1);
    return new Write(write, new IndexedDocument(product(key), origin, NOON, metadata, segments));
  }

  static ObjectNode metadata(int price) {
    return JsonNodeFactory.instance.objectNode().put("price", price);
  }

  static List<SegmentWrite> segments(int key, String... texts) {
    return IntStream.range(0, texts.length)
        .mapToObj(i -> new SegmentWrite(id(key, texts[i]), i, texts[i], vector(i)))
        .toList();
  }

  static UUID id(int key, String text) {
    return UUID.nameUUIDFromBytes((key + " " + text).getBytes(StandardCharsets.UTF_8));
  }

  static Embedding vector(int direction) {
    return Embedding.from(new float[] {2, direction, 0});
  }

  static StoreUpdate update(Write... documents) {
    return update(List.of(), documents);
  }

  private static StoreUpdate update(List<TableTruncation> truncations, Write... documents) {
    return new StoreUpdate(
        new LedgerUpdate(truncations, Stream.of(documents).map(Write::version).toList(), List.of()),
        Stream.of(documents).map(Write::content).toList());
  }

  static StoreUpdate truncation(long lsn, Write... documents) {
    return update(List.of(new TableTruncation(PRODUCTS, position(lsn))), documents);
  }
}
