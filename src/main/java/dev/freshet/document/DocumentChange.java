package dev.freshet.document;

import dev.freshet.changeevent.FormerKey;
import dev.freshet.changeevent.Operation;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a change event means for the index, or what is to be made again without one. */
public sealed interface DocumentChange {

  Origin origin();

  TableId table();

  Operation operation();

  /** The document that changes; empty where a whole table does. */
  default Optional<DocumentId> document() {
    if (this instanceof Upsert upsert) {
      return Optional.of(upsert.id());
    }
    if (this instanceof Rerender rerender) {
      return Optional.of(rerender.id());
    }
    return this instanceof Delete delete ? Optional.of(delete.id()) : Optional.empty();
  }

  /**
   * A document has a new version.
   *
   * @param row the columns that the mapping uses, and no others
   * @param movedFrom under which id the row was known before a key change; null otherwise
   * @param formerKey whether the event tells that the row had another key
   */
  record Upsert(
      DocumentId id,
      TableMapping mapping,
      Row row,
      @Nullable DocumentId movedFrom,
      FormerKey formerKey,
      Origin origin)
      implements DocumentChange {

    /** An upsert whose event tells of a former key, where there was one. */
    public Upsert(
        DocumentId id,
        TableMapping mapping,
        Row row,
        @Nullable DocumentId movedFrom,
        Origin origin) {
      this(id, mapping, row, movedFrom, FormerKey.TOLD, origin);
    }

    @Override
    public TableId table() {
      return id.table();
    }

    @Override
    public Operation operation() {
      return Operation.UPSERT;
    }
  }

  /**
   * A document is gone.
   *
   * @param moved whether the row lives on under another key, so that its values are still wanted
   */
  record Delete(DocumentId id, boolean moved, Origin origin) implements DocumentChange {

    @Override
    public Operation operation() {
      return Operation.DELETE;
    }

    @Override
    public TableId table() {
      return id.table();
    }
  }

  /**
   * A document is made again of the columns that the ledger has, as it is stored when this is
   * applied: no event says so, and its state and its position stay.
   *
   * @param mapping the present one
   * @param assumed what has made the document, if it does not say; {@link Rendering#UNKNOWN} where
   *     nobody knows
   * @param origin that of the version which was seen; tells the change from others, and decides
   *     nothing
   */
  record Rerender(
      DocumentId id, TableMapping mapping, Rendering assumed, Origin origin, Segments segments)
      implements DocumentChange {

    /** What becomes of the segments that are stored. */
    public enum Segments {
      /**
       * Those whose texts stay keep their vectors, and a document whose text and metadata stay is
       * not sent to a service again.
       */
      KEPT,
      /**
       * All are embedded and written, or sent, whatever the index seems to have: for an index that
       * lacks what the ledger says it has.
       */
      ANEW
    }

    @Override
    public TableId table() {
      return id.table();
    }

    @Override
    public Operation operation() {
      return Operation.UPSERT;
    }
  }

  /** Every document of the table is gone. */
  record Truncate(TableId table, Origin origin) implements DocumentChange {

    @Override
    public Operation operation() {
      return Operation.TRUNCATE;
    }
  }
}
