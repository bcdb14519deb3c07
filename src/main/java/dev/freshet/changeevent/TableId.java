package dev.freshet.changeevent;

import com.fasterxml.jackson.annotation.JsonValue;

/** A table of the source, as the envelope's {@code source} names it. */
public record TableId(String schema, String name) implements Comparable<TableId> {

  public TableId {
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(
          "a table needs a schema and a name, as in public.products");
    }
  }

  /**
   * @param text {@code schema.table}; the first dot separates
   * @throws IllegalArgumentException when either is missing
   */
  public static TableId parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || dot == text.length() - 1) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a table; write schema.table, as in public.products");
    }
    return new TableId(text.substring(0, dot), text.substring(dot + 1));
  }

  @Override
  public int compareTo(TableId other) {
    return toString().compareTo(other.toString());
  }

  @JsonValue
  @Override
  public String toString() {
    return schema + "." + name;
  }
}
