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
import dev.langchain4j.data.embedding.Embedding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

  public static UUID segmentId(DocumentId document, String text) {
    return UUID.nameUUIDFromBytes((document + text).getBytes(StandardCharsets.UTF_8));
  }

  /** One document's next version, in the making. */
  public static Writing writing(DocumentId id, long lsn) {
    return new Writing(id, at(lsn));
  }

  /** One document's next version, in the making. */
  public static final class Writing {

    private final DocumentId id;
    private Origin origin;
    private boolean deleted;
    private long expectedRevision;
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

    public DocumentWrite done() {
      if (columns.isEmpty() && !deleted) {
        column("title", TextNode.valueOf(id.joinedKey()), origin.position());
      }
      return new DocumentWrite(
          new DocumentState(id, origin, deleted, columns),
          expectedRevision,
          deleted ? "" : "content-hash",
          deleted ? "" : "metadata-hash",
          NOW.plusMillis(20),
          metadata,
          segments);
    }
  }

  public static StoreUpdate update(Writing... writings) {
    return new StoreUpdate(List.of(), List.of(writings).stream().map(Writing::done).toList());
  }

  public static StoreUpdate truncation(TableId table, Position position, Writing... writings) {
    return new StoreUpdate(
        List.of(new TableTruncation(table, position)), update(writings).documents());
  }
}
