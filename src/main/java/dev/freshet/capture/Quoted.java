package dev.freshet.capture;

import dev.freshet.changeevent.TableId;

/** Names as SQL takes them, whatever they are. */
final class Quoted {

  private Quoted() {}

  static String table(TableId table) {
    return name(table.schema()) + "." + name(table.name());
  }

  static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
