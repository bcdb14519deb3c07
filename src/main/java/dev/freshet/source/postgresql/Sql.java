package dev.freshet.source.postgresql;

import dev.freshet.changeevent.TableId;

/** Names as SQL takes them, whatever they are. */
public final class Sql {

  private Sql() {}

  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public static String quoted(TableId table) {
    return quoted(table.schema()) + "." + quoted(table.name());
  }
}
