package dev.freshet.store.lucene;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Position;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.document.DocumentState;
import dev.freshet.document.Rendering;
import dev.freshet.ledger.DocumentWrite;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StateJson;
import dev.freshet.ledger.StateWrite;
import dev.freshet.ledger.StoredDocument;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The Lucene document of a document's state: all that is remembered of it but its segments' text.
 */
final class StateDocument {

  /** The document's id and position as columns, for a truncation to walk through. */
  static final String ID_COLUMN = "idColumn";

  static final String POSITION_COLUMN = "positionColumn";

  /** Its times as columns; older indexes have none. */
  static final String COMMITTED_COLUMN = "committedAtColumn";

  static final String INDEXED_COLUMN = "indexedAtColumn";

  private static final String TABLE_NAME = "table";
  private static final String KEY = "key";

  /** The fields that {@link #id} reads. */
  static final Set<String> ID_FIELDS = Set.of(TABLE_NAME, KEY);

  private static final String POSITION = "position";
  private static final String TX_ID = "txId";
  private static final String COMMITTED_AT = "committedAt";
  private static final String CAPTURED_AT = "capturedAt";
  private static final String RECEIVED_AT = "receivedAt";
  private static final String INDEXED_AT = "indexedAt";
  private static final String EMBEDDED_AT = "embeddedAt";
  private static final String EMBEDDED = "embedded";
  private static final String DELETED = "deleted";
  private static final String DELETED_AT = "deletedAt";
  private static final String COLUMNS = "columns";
  private static final String VERSION = "version";
  private static final String PAST = "past";
  private static final String PAST_SINCE = "pastSince";
  private static final String REVISION = "revision";
  private static final String CONTENT_HASH = "contentHash";
  private static final String METADATA_HASH = "metadataHash";
  private static final String RENDERED_BY = "renderedBy";
  private static final String METADATA = "metadataJson";
  private static final String SEGMENTS = "segments";

  /** What a hit tells of its document. */
  static final Set<String> HIT_FIELDS =
      Set.of(TABLE_NAME, KEY, POSITION, TX_ID, COMMITTED_AT, CAPTURED_AT, RECEIVED_AT, INDEXED_AT);

  static final Set<String> METADATA_FIELDS = Set.of(METADATA, DELETED, INDEXED_AT);

  static final Set<String> SEARCHABLE_FIELDS = Set.of(CONTENT_HASH);

  static final Set<String> SEGMENT_FIELDS = Set.of(SEGMENTS);

  /** What stays when only the past changes. */
  private static final List<String> KEPT =
      List.of(CONTENT_HASH, METADATA_HASH, METADATA, EMBEDDED_AT, EMBEDDED, SEGMENTS);

  private final Document fields;

  StateDocument(Document fields) {
    this.fields = fields;
  }

  /**
   * @param metadata empty where searches do not find the document
   */
  static Document of(DocumentWrite write, ObjectNode metadata, List<StoredSegment> segments) {
    Document fields = of(write, write.indexedAt());
    fields.add(new StoredField(CONTENT_HASH, write.contentHash()));
    fields.add(new StoredField(METADATA_HASH, write.metadataHash()));
    if (write.renderedBy().known() || write.contentHash().isEmpty()) {
      addRendering(fields, write.state(), write.renderedBy().text());
    }
    fields.add(new StoredField(METADATA, metadata.toString()));
    addUnlessNull(fields, EMBEDDED_AT, write.embeddedAt());
    addUnlessNull(fields, EMBEDDED, write.embedded());
    for (StoredSegment segment : segments) {
      fields.add(new StoredField(SEGMENTS, segment.id() + " " + segment.ordinal()));
    }
    return fields;
  }

  /** What is stored, with another past. */
  static Document of(PastWrite write, StateDocument stored) {
    Document fields = of(write, stored.indexedAt());
    String renderedBy = stored.fields.get(RENDERED_BY);
    if (renderedBy != null) {
      addRendering(fields, write.state(), renderedBy);
    }
    for (String name : KEPT) {
      for (String value : stored.fields.getValues(name)) {
        fields.add(new StoredField(name, value));
      }
    }
    return fields;
  }

  private static Document of(StateWrite write, Instant indexedAt) {
    DocumentState state = write.state();
    StateJson json = StateJson.of(state);
    var fields = new Document();
    addTerms(fields, state);
    addOrigin(fields, state.origin());
    addId(fields, state.id());
    fields.add(new StoredField(DELETED, Boolean.toString(state.deleted())));
    fields.add(new StoredField(COLUMNS, json.columns()));
    addUnlessNull(fields, VERSION, json.version());
    addUnlessNull(fields, PAST, json.past());
    if (!state.past().versions().isEmpty()) {
      fields.add(new LongPoint(PAST_SINCE, indexedAt.toEpochMilli()));
    }
    fields.add(new StoredField(REVISION, write.expectedRevision() + 1));
    fields.add(new StoredField(INDEXED_AT, indexedAt.toString()));
    addColumns(fields, state.origin(), indexedAt);
    if (state.deleted()) {
      fields.add(new LongPoint(DELETED_AT, indexedAt.toEpochMilli()));
    }
    return fields;
  }

  /** The tombstones of documents that were deleted before the instant. */
  static Query tombstonesBefore(Instant instant) {
    return LongPoint.newRangeQuery(DELETED_AT, Long.MIN_VALUE, instant.toEpochMilli() - 1);
  }

  /** The documents with a past whose newest version was written before the instant. */
  static Query withPastBefore(Instant instant) {
    return LongPoint.newRangeQuery(PAST_SINCE, Long.MIN_VALUE, instant.toEpochMilli() - 1);
  }

  private static void addTerms(Document fields, DocumentState state) {
    String id = Terms.bounded(state.id().toString());
    String table = Terms.bounded(state.id().table().toString());
    fields.add(new StringField(Terms.STATE, id, Store.NO));
    fields.add(new StringField(Terms.DOCUMENT, id, Store.NO));
    fields.add(new StringField(Terms.STATE_TABLE, table, Store.NO));
    if (!state.deleted()) {
      fields.add(new StringField(Terms.LIVE_TABLE, table, Store.NO));
    }
    fields.add(new BinaryDocValuesField(ID_COLUMN, new BytesRef(id)));
    fields.add(new BinaryDocValuesField(POSITION_COLUMN, new BytesRef(state.position().sortKey())));
  }

  /** Documents that were made before this was remembered have none of these fields. */
  private static void addRendering(Document fields, DocumentState state, String renderedBy) {
    fields.add(new StoredField(RENDERED_BY, renderedBy));
    if (!state.deleted()) {
      Term rendered = Terms.rendered(state.id().table(), renderedBy);
      fields.add(new StringField(rendered.field(), rendered.text(), Store.NO));
      Term told = Terms.term(Terms.TOLD_TABLE, state.id().table());
      fields.add(new StringField(told.field(), told.text(), Store.NO));
    }
  }

  private static void addOrigin(Document fields, Origin origin) {
    fields.add(new StoredField(POSITION, origin.position().sortKey()));
    fields.add(new StoredField(RECEIVED_AT, origin.receivedAt().toString()));
    addUnlessNull(fields, TX_ID, origin.txId());
    addUnlessNull(fields, COMMITTED_AT, origin.committedAt());
    addUnlessNull(fields, CAPTURED_AT, origin.capturedAt());
  }

  private static void addColumns(Document fields, Origin origin, Instant indexedAt) {
    fields.add(new NumericDocValuesField(INDEXED_COLUMN, Columns.of(indexedAt)));
    if (origin.committedAt() != null) {
      fields.add(new NumericDocValuesField(COMMITTED_COLUMN, Columns.of(origin.committedAt())));
    }
  }

  private static void addUnlessNull(Document fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.add(new StoredField(name, value.toString()));
    }
  }

  static void addId(Document fields, DocumentId id) {
    fields.add(new StoredField(TABLE_NAME, id.table().toString()));
    fields.add(new StoredField(KEY, id.joinedKey()));
  }

  /** Reads the id that every Lucene document of a document stores. */
  static DocumentId id(Document fields) {
    return DocumentId.of(TableId.parse(fields.get(TABLE_NAME)), fields.get(KEY));
  }

  StoredDocument stored() {
    var json = new StateJson(fields.get(COLUMNS), fields.get(VERSION), fields.get(PAST));
    DocumentState state = json.state(id(fields), origin(), deleted());
    return new StoredDocument(
        state,
        revision(),
        fields.get(CONTENT_HASH),
        fields.get(METADATA_HASH),
        renderedBy(),
        indexedAt(),
        instant(EMBEDDED_AT),
        embedded());
  }

  private Rendering renderedBy() {
    String text = fields.get(RENDERED_BY);
    return text == null ? Rendering.UNKNOWN : new Rendering(text);
  }

  /** Whether searches find the document; of what {@link #SEARCHABLE_FIELDS} names. */
  boolean searchable() {
    return !fields.get(CONTENT_HASH).isEmpty();
  }

  /** About how much memory what is remembered takes. */
  long characters() {
    String past = fields.get(PAST);
    return (long) fields.get(COLUMNS).length() + (past == null ? 0 : past.length());
  }

  boolean deleted() {
    return Boolean.parseBoolean(fields.get(DELETED));
  }

  long revision() {
    return fields.getField(REVISION).numericValue().longValue();
  }

  ObjectNode metadata() {
    return StateJson.object(fields.get(METADATA));
  }

  Instant indexedAt() {
    return Instant.parse(fields.get(INDEXED_AT));
  }

  private @Nullable Integer embedded() {
    String text = fields.get(EMBEDDED);
    return text == null ? null : Integer.valueOf(text);
  }

  List<StoredSegment> segments() {
    return Stream.of(fields.getValues(SEGMENTS)).map(StateDocument::segment).toList();
  }

  private static StoredSegment segment(String text) {
    int space = text.indexOf(' ');
    return new StoredSegment(
        UUID.fromString(text.substring(0, space)), Integer.parseInt(text.substring(space + 1)));
  }

  Origin origin() {
    String txId = fields.get(TX_ID);
    return new Origin(
        Position.parse(fields.get(POSITION)),
        txId == null ? null : Long.valueOf(txId),
        instant(COMMITTED_AT),
        instant(CAPTURED_AT),
        Instant.parse(fields.get(RECEIVED_AT)));
  }

  private @Nullable Instant instant(String name) {
    String text = fields.get(name);
    return text == null ? null : Instant.parse(text);
  }
}
