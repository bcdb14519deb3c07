package dev.freshet.changeevent;

import java.util.Map;

/** What is configured of the types of a table's columns, for messages that come without schema. */
@FunctionalInterface
public interface ColumnTypes {

  ColumnTypes NONE = table -> Map.of();

  /** The types by column; empty when nothing is configured. */
  Map<String, ColumnType> of(TableId table);
}
