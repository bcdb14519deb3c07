package dev.freshet.source.postgresql;

import dev.freshet.changeevent.TableId;

/** Names in SQL. */
final class Sql {

  private Sql() {}

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoted(TableId table) {
    return quoted(table.schema()) + "." + quoted(table.name());
  }
}
