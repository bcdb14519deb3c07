package dev.freshet.sink.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.Row;
import dev.freshet.changeevent.TableId;
import dev.freshet.changeevent.WalPosition;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentChange.Delete;
import dev.freshet.document.DocumentChange.Truncate;
import dev.freshet.document.DocumentChange.Upsert;
import dev.freshet.document.DocumentId;
import dev.freshet.document.TableMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the changes of tables like the old consumer's. */
final class Changes {

  static final TableId PRODUCTS = TableId.parse("public.products");
  static final TableId ORDERS = TableId.parse("public.orders");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Changes() {}

  static DocumentId product(String key) {
    return DocumentId.of(PRODUCTS, key);
  }

  static DocumentChange upsert(String key, String title, long lsn) {
    return upsert(PRODUCTS, key, title, lsn);
  }

  static DocumentChange upsert(TableId table, String key, String title, long lsn) {
    return upsert(table, key, Map.of("title", "\"" + title + "\""), Set.of(), lsn);
  }

  static DocumentChange upsert(DocumentId id, String title, long lsn) {
    return upsert(id, Map.of("title", "\"" + title + "\""), Set.of(), lsn);
  }

  static DocumentChange upsert(
      TableId table, String key, Map<String, String> json, Set<String> unavailable, long lsn) {
    return upsert(DocumentId.of(table, key), json, unavailable, lsn);
  }

  private static DocumentChange upsert(
      DocumentId id, Map<String, String> json, Set<String> unavailable, long lsn) {
    var values = new LinkedHashMap<String, JsonNode>();
    json.forEach((column, value) -> values.put(column, json(value)));
    return new Upsert(id, mapping(id.table()), new Row(values, unavailable), null, at(lsn));
  }

  static DocumentChange row(String key, String title, String text, long lsn) {
    var columns = Map.of("title", "\"" + title + "\"", "text", "\"" + text + "\"");
    return upsert(PRODUCTS, key, columns, Set.of(), lsn);
  }

  /** The row that stood under the old key; the event leaves out its text. */
  static DocumentChange moved(String oldKey, String key, String title, long lsn) {
    var row = new Row(Map.of("title", json("\"" + title + "\"")), Set.of("text"));
    return new Upsert(product(key), mapping(PRODUCTS), row, product(oldKey), at(lsn));
  }

  /** The row under the key lives on under another. */
  static DocumentChange movedAway(String key, long lsn) {
    return new Delete(product(key), true, at(lsn));
  }

  static DocumentChange delete(String key, long lsn) {
    return new Delete(product(key), false, at(lsn));
  }

  static DocumentChange truncate(long lsn) {
    return new Truncate(PRODUCTS, at(lsn));
  }

  private static TableMapping mapping(TableId table) {
    return new TableMapping(
        table, List.of("id"), new ContentTemplate("Title: {title}"), null, Set.of());
  }

  private static Origin at(long lsn) {
    var position = new WalPosition(0, new Lsn(1), false, new Lsn(lsn));
    return new Origin(position, null, null, null, Instant.EPOCH);
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
