package dev.freshet.crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Where a crash test has Freshet write, and how the test reads what is there. */
interface TestIndex extends AutoCloseable {

  /** What makes Freshet write there. */
  Map<String, String> environment();

  /** Whether {@link #contents} can be read while Freshet runs. */
  boolean canBeReadWhileFreshetRuns();

  /** All that is there of each document that is not deleted, by {@code schema.table/key}. */
  Map<String, ?> contents() throws Exception;

  /** What {@link #contents} has to be when the source's tables have these rows. */
  default Map<String, ?> expected(Map<String, ObjectNode> rows) {
    var expected = new TreeMap<String, Object>();
    rows.forEach((id, row) -> expected.put(id, expected(row)));
    return expected;
  }

  Object expected(ObjectNode row);

  /** The text that the default template makes of a row. */
  static String text(ObjectNode row) {
    String description = row.path("description").isNull() ? "" : row.path("description").asText();
    return ("Title: " + row.path("title").asText() + "\n\n" + description).strip();
  }

  @Override
  void close() throws SQLException;
}
