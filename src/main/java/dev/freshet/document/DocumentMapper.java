package dev.freshet.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.RejectedException;
import dev.freshet.RejectionReason;
import dev.freshet.changeevent.ChangeEvent;
import dev.freshet.changeevent.ChangeEvent.Marker;
import dev.freshet.changeevent.ChangeEvent.RowDeleted;
import dev.freshet.changeevent.ChangeEvent.RowUpserted;
import dev.freshet.changeevent.ChangeEvent.TableTruncated;
import dev.freshet.changeevent.ChangeEvent.Tombstone;
import dev.freshet.changeevent.ChangeEvent.Unknown;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.Texts;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.MappingResult.Ignored;
import dev.freshet.document.MappingResult.Mapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what a change event means for the index. */
public final class DocumentMapper {

  private final TableMappings mappings;

  public DocumentMapper(TableMappings mappings) {
    this.mappings = mappings;
  }

  /**
   * Maps an event.
   *
   * @throws RejectedException when the row lacks a key column, or a column that the template names
   */
  public MappingResult map(ChangeEvent event) {
    if (event instanceof RowUpserted upserted) {
      return mappings
          .of(upserted.table(), upserted.row())
          .<MappingResult>map(mapping -> new Mapped(upsert(upserted, mapping)))
          .orElseGet(() -> ignored(upserted.table()));
    }
    if (event instanceof RowDeleted deleted) {
      return mappings
          .ofDeleted(deleted.table(), deleted.before())
          .<MappingResult>map(mapping -> new Mapped(delete(deleted, mapping)))
          .orElseGet(() -> ignored(deleted.table()));
    }
    if (event instanceof TableTruncated truncated) {
      return mappings.mayMap(truncated.table())
          ? new Mapped(truncate(truncated))
          : ignored(truncated.table());
    }
    return new Ignored(reason(event));
  }

  private Ignored ignored(TableId table) {
    return new Ignored(
        mappings.areConfigured() ? Ignored.Reason.UNMAPPED_TABLE : Ignored.Reason.LACKS_COLUMNS,
        table);
  }

  /** Of a document nobody knows in which partition its row is. */
  private Truncate truncate(TableTruncated event) {
    TableId documents = mappings.documentTable(event.table());
    if (!documents.equals(event.table())) {
      throw new RejectedException(
          RejectionReason.PARTITION_TRUNCATED,
          "%s was truncated, a partition of %s, and the index does not know which documents were in"
                  .formatted(event.table(), documents)
              + " it, so they stay searchable; empty a partition by DELETE, or, where all of them"
              + " were truncated, post an event of op t and table "
              + documents
              + " to /events");
    }
    return new Truncate(event.table(), event.origin());
  }

  /** The mapped table of which an ignored one seems to be a partition. */
  public Optional<TableId> partitioned(TableId table, String routingKey) {
    return mappings.partitioned(table, routingKey);
  }

  /** The table of whose name the documents of a table are. */
  public TableId documentTable(TableId table) {
    return mappings.documentTable(table);
  }

  /** The document of an event, where its row tells; also of an event that cannot be mapped. */
  public Optional<DocumentId> documentOf(ChangeEvent event) {
    try {
      if (event instanceof RowUpserted upserted) {
        return mappings
            .of(upserted.table(), upserted.row())
            .map(mapping -> id(upserted.row(), mapping, "the row"));
      }
      if (event instanceof RowDeleted deleted) {
        return mappings
            .ofDeleted(deleted.table(), deleted.before())
            .map(mapping -> id(deleted.before(), mapping, "'before'"));
      }
      return Optional.empty();
    } catch (RejectedException e) {
      return Optional.empty();
    }
  }

  private static Ignored.Reason reason(ChangeEvent event) {
    if (event instanceof Marker marker) {
      return marker.kind() == Marker.Kind.HEARTBEAT
          ? Ignored.Reason.HEARTBEAT
          : Ignored.Reason.MARKER;
    }
    if (event instanceof Tombstone) {
      return Ignored.Reason.TOMBSTONE;
    }
    if (event instanceof Unknown) {
      return Ignored.Reason.UNKNOWN_OPERATION;
    }
    throw new IllegalArgumentException("a new kind of event: " + event.getClass());
  }

  private static Upsert upsert(RowUpserted event, TableMapping mapping) {
    DocumentId id = id(event.row(), mapping, "the row");
    for (String column : mapping.content().columns()) {
      if (!event.row().has(column)) {
        throw new RejectedException(
            RejectionReason.MISSING_COLUMN,
            "the content template of "
                + event.table()
                + " names the column '"
                + column
                + "', which the row lacks; mend freshet.tables."
                + event.table()
                + ".content");
      }
    }
    DocumentId movedFrom =
        Optional.ofNullable(event.movedFrom())
            .filter(key -> tellsKey(key, mapping))
            .map(key -> id(key, mapping, "the row before"))
            .filter(old -> !old.equals(id))
            .orElse(null);
    return new Upsert(
        id,
        mapping,
        event.row().retain(mapping::uses),
        movedFrom,
        event.formerKey(),
        event.origin());
  }

  /** The row before has the columns of the replica identity only, and NULL for the others. */
  private static boolean tellsKey(Row before, TableMapping mapping) {
    return mapping.key().stream()
        .allMatch(
            column -> {
              JsonNode value = before.values().get(column);
              return value != null && !value.isNull();
            });
  }

  private static Delete delete(RowDeleted event, TableMapping mapping) {
    return new Delete(id(event.before(), mapping, "'before'"), event.moved(), event.origin());
  }

  private static DocumentId id(Row row, TableMapping mapping, String where) {
    List<String> key = new ArrayList<>();
    for (String column : mapping.key()) {
      JsonNode value = row.values().get(column);
      if (value == null || value.isNull()) {
        throw new RejectedException(
            RejectionReason.MISSING_KEY,
            where
                + " of "
                + mapping.table()
                + " has no value for the key column '"
                + column
                + "'; name the table's key in freshet.tables."
                + mapping.table()
                + ".key, and see that its replica identity has it: ALTER TABLE "
                + mapping.table()
                + " REPLICA IDENTITY FULL");
      }
      key.add(usable(value.isContainerNode() ? value.toString() : value.asText(), column, where));
    }
    return new DocumentId(mapping.table(), key);
  }

  /** Two keys must not become one, so nothing is replaced here. */
  private static String usable(String value, String column, String where) {
    if (!Texts.isWhole(value)) {
      throw new RejectedException(
          RejectionReason.UNDECODABLE,
          where
              + " has a value of the key column '"
              + column
              + "' with a NUL or half a character, which no index can store");
    }
    return value;
  }
}
