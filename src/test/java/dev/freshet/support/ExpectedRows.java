package dev.freshet.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the source's tables hold after a folder of the corpus, found without Freshet's own code: the
 * messages stand there in the order in which PostgreSQL committed the changes, so that applying
 * them one after the other gives the tables.
 */
public final class ExpectedRows {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PLACEHOLDER = "__debezium_unavailable_value";

  private final Map<String, List<String>> keys;
  private final Map<String, ObjectNode> rows = new TreeMap<>();

  /** The row whose key is being changed: deleted under the old one, not yet there under the new. */
  private JsonNode moving = MissingNode.getInstance();

  private ExpectedRows(Map<String, List<String>> keys) {
    this.keys = keys;
  }

  /**
   * The rows by {@code schema.table/key}.
   *
   * @param keys the key columns of the tables that count
   */
  public static Map<String, ObjectNode> after(
      List<Corpus.Entry> entries, Map<String, List<String>> keys) {
    var tables = new ExpectedRows(keys);
    entries.forEach(tables::apply);
    return tables.rows;
  }

  private void apply(Corpus.Entry entry) {
    JsonNode root = read(entry.body());
    JsonNode event = root.has("payload") && root.has("schema") ? root.path("payload") : root;
    JsonNode data = event.path("data");
    JsonNode images = data.has("payload") ? data.path("payload") : data;
    String table = entry.name().replaceAll(".*-([^-]*)\\.json", "$1").replaceFirst("^db\\.", "");
    if (table.isEmpty()) {
      table = entry.says().contains("types") ? "public.types_zoo" : "public.products";
    }
    if (!keys.containsKey(table)) {
      return;
    }
    if (event.has("op")) {
      apply(table, event.path("op").asText(), event.path("before"), event.path("after"), entry);
    } else if (event.has("iodebeziumop")) {
      String operation = event.path("iodebeziumop").asText();
      apply(table, operation, images.path("before"), images.path("after"), entry);
    } else if (event.isObject()) {
      boolean deleted = event.path("__deleted").asText().equals("true");
      ObjectNode row = event.deepCopy();
      row.remove(
          List.of(
              "__deleted",
              "__op",
              "__table",
              "__lsn",
              "__source_sequence",
              "__source_ts_ms",
              "__source_txId",
              "__source_snapshot"));
      apply(table, deleted ? "d" : "u", row, row, entry);
    }
  }

  private void apply(
      String table, String operation, JsonNode before, JsonNode after, Corpus.Entry entry) {
    switch (operation) {
      case "c", "u", "r" -> {
        rows.put(id(table, after), complete(table, after, entry));
        leaveOldKey(table, entry);
      }
      case "d" -> {
        ObjectNode gone = rows.remove(id(table, before));
        if (gone != null && entry.message().headers().containsKey("__debezium.newkey")) {
          moving = gone;
        }
      }
      case "t" -> rows.keySet().removeIf(id -> id.startsWith(table + "/"));
      default -> throw new IllegalArgumentException("no rule for operation " + operation);
    }
  }

  /** The event under the new key tells of the old one, also where deletes are not sent. */
  private void leaveOldKey(String table, Corpus.Entry entry) {
    String header = entry.message().headers().get("__debezium.oldkey");
    if (header != null) {
      JsonNode key = read(header);
      rows.remove(id(table, key.has("payload") ? key.path("payload") : key));
    }
  }

  /** Large values that did not change are those of the row before. */
  private ObjectNode complete(String table, JsonNode after, Corpus.Entry entry) {
    ObjectNode row = after.deepCopy();
    boolean moved = entry.message().headers().containsKey("__debezium.oldkey");
    JsonNode known = moved ? moving : row(id(table, after));
    row.properties()
        .forEach(
            column -> {
              if (unavailable(column.getValue())) {
                column.setValue(known.path(column.getKey()));
              }
            });
    return row;
  }

  private JsonNode row(String id) {
    return rows.containsKey(id) ? rows.get(id) : MissingNode.getInstance();
  }

  private static boolean unavailable(JsonNode value) {
    String text = value.toString();
    return text.contains(PLACEHOLDER)
        || text.contains("X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==")
        || text.startsWith("[95,95,100,101,98,101,122,105,117,109,95");
  }

  private String id(String table, JsonNode row) {
    return table
        + "/"
        + String.join(
            ",", keys.get(table).stream().map(column -> row.path(column).asText()).toList());
  }

  private static JsonNode read(String body) {
    try {
      return body.isEmpty() || body.equals("default")
          ? MissingNode.getInstance()
          : MAPPER.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
