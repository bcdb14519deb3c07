package dev.freshet.changeevent;

import org.jspecify.annotations.Nullable;

/** What a message says. */
public sealed interface ChangeEvent {

  /** An event of one row, or of all rows, of a table. */
  sealed interface RowEvent extends ChangeEvent {

    TableId table();

    Origin origin();

    Operation operation();
  }

  /**
   * A row was created, updated or read by a snapshot ({@code op} c, u or r).
   *
   * @param movedFrom the row before, or its key columns: from the header {@code __debezium.oldkey}
   *     or, where the replica identity tells, from {@code before}; null otherwise
   * @param formerKey whether the event tells that the row had another key
   */
  record RowUpserted(
      TableId table, Row row, @Nullable Row movedFrom, FormerKey formerKey, Origin origin)
      implements RowEvent {

    @Override
    public Operation operation() {
      return Operation.UPSERT;
    }
  }

  /**
   * A row was deleted ({@code op} d).
   *
   * @param before the row's last state; the key columns only, unless the replica identity is full
   * @param moved whether the row lives on under another key (header {@code __debezium.newkey})
   */
  record RowDeleted(TableId table, Row before, boolean moved, Origin origin) implements RowEvent {

    @Override
    public Operation operation() {
      return Operation.DELETE;
    }
  }

  /** Every row of the table was deleted ({@code op} t). */
  record TableTruncated(TableId table, Origin origin) implements RowEvent {

    @Override
    public Operation operation() {
      return Operation.TRUNCATE;
    }
  }

  /**
   * Nothing of a row: a transaction's begin or end, a heartbeat, or a logical message ({@code op}
   * m).
   */
  record Marker(Kind kind) implements ChangeEvent {

    /** What the marker marks. */
    public enum Kind {
      TRANSACTION,
      HEARTBEAT,
      LOGICAL_MESSAGE
    }
  }

  /** The companion of a delete, without a key in the message: it says nothing more. */
  record Tombstone() implements ChangeEvent {}

  /** An envelope with an operation that Freshet does not know. */
  record Unknown(String operation) implements ChangeEvent {}
}
