package dev.freshet.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.freshet.document.Past;
import dev.freshet.document.Rendering;
import dev.freshet.document.Version;
import dev.freshet.document.Version.Deleted;
import dev.freshet.document.Version.Moved;
import dev.freshet.document.Version.Present;
import dev.freshet.index.IndexedDocument;
import dev.freshet.index.SegmentWrite;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.TableTruncation;
import dev.langchain4j.data.embedding.Embedding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** What tests of stores write. */
public final class StoreFixtures {

  public static final TableId PRODUCTS = TableId.parse("public.products");
  public static final TableId ARTICLES = TableId.parse("public.articles");
  public static final Instant NOW = Instant.parse("2026-11-20T17:22:55.711375Z");

  private StoreFixtures() {}

  public static Position at(long lsn) {
    return new WalPosition(0, new Lsn(lsn), false, new Lsn(lsn));
  }

  public static Origin origin(Position position) {
    return new Origin(position, 7L, NOW.minusSeconds(1), NOW.minusMillis(500), NOW);
  }

  public static DocumentId product(Object key) {
    return DocumentId.of(PRODUCTS, key.toString());
  }

  /** A row with a past of every kind of version. */
  public static DocumentState stateWithPast(DocumentId id) {
    var row =
        new Present(
            at(9), columns(9, "title", "now", 6, "body", "old"), Set.of("body", "missing"), null);
    return withPast(new DocumentState(id, origin(at(9)), row, Past.forgottenBefore(at(9))));
  }

  /** The state with a past of every kind of version. */
  public static DocumentState withPast(DocumentState state) {
    List<Version> versions =
        List.of(
            new Present(at(1), columns(1, "title", "a", 0, "body", "old"), Set.of("body"), null),
            new Deleted(at(2)),
            new Present(
                at(3), columns(3, "title", "b", 3, "body", "c"), Set.of("body"), product("other")),
            new Moved(at(4), Map.of(), product("heir,2")),
            new Moved(at(5), Map.of(), null),
            new Present(at(6), columns(6, "title", "d", 6, "body", "old"), Set.of(), null));
    return new DocumentState(state.id(), state.origin(), state.newest(), new Past(versions, at(1)));
  }

  private static Map<String, ColumnVersion> columns(
      long lsn, String name, String value, long otherLsn, String otherName, String otherValue) {
    var columns = new LinkedHashMap<String, ColumnVersion>();
    columns.put(name, new ColumnVersion(TextNode.valueOf(value), at(lsn)));
    columns.put(otherName, new ColumnVersion(TextNode.valueOf(otherValue), at(otherLsn)));
    return columns;
  }

  public static UUID segmentId(DocumentId document, String text) {
    return UUID.nameUUIDFromBytes((document + text).getBytes(StandardCharsets.UTF_8));
  }

  /** A document's next version of this state, in the making. */
  public static Writing writing(DocumentId id, DocumentState state) {
    var writing = new Writing(id, state.position());
    writing.state = state;
    return writing;
  }

  /** One document's next version, in the making. */
  public static Writing writing(DocumentId id, long lsn) {
    return new Writing(id, at(lsn));
  }

  /** One document's next version, in the making. */
  public static final class Writing {

    private final DocumentId id;
    private Origin origin;
    private DocumentState state;
    private boolean deleted;
    private long expectedRevision;
    private Rendering renderedBy = new Rendering("test");
    private final Map<String, ColumnVersion> columns = new LinkedHashMap<>();
    private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    private final List<SegmentWrite> segments = new ArrayList<>();

    Writing(DocumentId id, Position position) {
      this.id = id;
      this.origin = StoreFixtures.origin(position);
    }

    public Writing from(Origin origin) {
      this.origin = origin;
      return this;
    }

    public Writing over(long revision) {
      this.expectedRevision = revision;
      return this;
    }

    public Writing deleted() {
      this.deleted = true;
      return this;
    }

    public Writing renderedBy(String text) {
      this.renderedBy = new Rendering(text);
      return this;
    }

    public Writing column(String name, JsonNode value, Position position) {
      columns.put(name, new ColumnVersion(value, position));
      return this;
    }

    public Writing metadata(String key, Object value) {
      metadata.set(key, new ObjectMapper().valueToTree(value));
      return this;
    }

    public Writing segment(String text, float... vector) {
      return add(text, Embedding.from(vector));
    }

    public Writing kept(String text) {
      return add(text, null);
    }

    private Writing add(String text, Embedding vector) {
      segments.add(new SegmentWrite(segmentId(id, text), segments.size(), text, vector));
      return this;
    }

    private int embedded() {
      return (int) segments.stream().filter(segment -> segment.embedding() != null).count();
    }

    private DocumentState state() {
      if (state != null) {
        return state;
      }
      return deleted
          ? DocumentState.deleted(id, origin)
          : DocumentState.present(id, origin, columns);
    }

    public DocumentWrite done() {
      if (columns.isEmpty() && !deleted) {
        column("title", TextNode.valueOf(id.joinedKey()), origin.position());
      }
      return new DocumentWrite(
          state(),
          expectedRevision,
          deleted ? "" : "content-hash",
          deleted ? "" : "metadata-hash",
          deleted ? Rendering.UNKNOWN : renderedBy,
          NOW.plusMillis(20),
          deleted ? null : NOW.plusMillis(15),
          deleted ? null : embedded());
    }

    /** The ids of the segments, in order. */
    public List<UUID> segmentIds() {
      return segments.stream().map(SegmentWrite::id).toList();
    }

    /** None of a deleted document. */
    public Stream<IndexedDocument> contents() {
      DocumentWrite write = done();
      return deleted
          ? Stream.of()
          : Stream.of(
              new IndexedDocument(
                  id, write.state().origin(), write.indexedAt(), metadata, segments));
    }
  }

  public static StoreUpdate update(Writing... writings) {
    return update(List.of(), writings);
  }

  public static StoreUpdate truncation(TableId table, Position position, Writing... writings) {
    return update(List.of(new TableTruncation(table, position)), writings);
  }

  private static StoreUpdate update(List<TableTruncation> truncations, Writing... writings) {
    List<DocumentWrite> documents = Stream.of(writings).map(Writing::done).toList();
    return new StoreUpdate(
        new LedgerUpdate(truncations, documents, List.of()),
        Stream.of(writings).flatMap(Writing::contents).toList());
  }
}
