package dev.freshet.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table of a PostgreSQL that Debezium Server captures: its rows, and the messages of everything
 * that happened to it. Positions are as the corpus of real messages shows them: all events of a
 * transaction have the end of the last commit before it as {@code s0}, null until the first commit
 * after a snapshot.
 */
public final class SourceTable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNAVAILABLE = "__debezium_unavailable_value";

  /** A row without its key. */
  public record Row(String title, String text) {}

  private final String table;
  private final TreeMap<Integer, Row> rows = new TreeMap<>();
  private final List<ChangeMessage> messages = new ArrayList<>();
  private long lsn = 1_000;
  private long millis = 1_700_000_000_000L;
  private @Nullable Long lastCommit;
  private int values;

  public SourceTable(String table) {
    this.table = table;
  }

  public void apply(Step step) {
    Row row = rows.get(step.key());
    switch (step.kind()) {
      case INSERT -> insert(step);
      case UPDATE -> {
        if (row != null) {
          update(step, row);
        }
      }
      case CHANGE_KEY -> {
        if (row != null && !rows.containsKey(step.otherKey())) {
          changeKey(step, row);
        }
      }
      case DELETE -> {
        if (rows.remove(step.key()) != null) {
          delete(step.key(), ++lsn, Map.of());
        }
      }
      case DELETE_AND_WAITING_INSERT -> {
        if (row != null) {
          deleteAndWaitingInsert(step.key());
        }
      }
      case TRUNCATE -> {
        rows.clear();
        emit("t", null, null, lastCommit, ++lsn, Map.of());
      }
      case SNAPSHOT -> {
        commit();
        snapshot();
      }
      case SNAPSHOT_DURING_UPDATE -> {
        commit();
        snapshotDuringUpdate(step, row);
      }
      case INCREMENTAL_SNAPSHOT -> {
        commit();
        readAll(lastCommit, lastCommit == null ? lsn : lastCommit);
      }
    }
    if (step.commits()) {
      commit();
    }
  }

  private void insert(Step step) {
    if (!rows.containsKey(step.key())) {
      Row row = new Row(title(), text());
      rows.put(step.key(), row);
      emit("c", step.key(), row, lastCommit, ++lsn, Map.of());
    }
  }

  private void update(Step step, Row before) {
    Row row = new Row(title(), step.withText() ? text() : before.text());
    rows.put(step.key(), row);
    emit("u", step.key(), sent(row, step), lastCommit, ++lsn, Map.of());
  }

  /** Debezium makes a delete and an insert of it, with one LSN. */
  private void changeKey(Step step, Row before) {
    rows.remove(step.key());
    Row row = new Row(title(), step.withText() ? text() : before.text());
    rows.put(step.otherKey(), row);
    delete(step.key(), ++lsn, Map.of("__debezium.newkey", key(step.otherKey())));
    var headers = Map.of("__debezium.oldkey", key(step.key()));
    emit("c", step.otherKey(), sent(row, step), lastCommit, lsn, headers);
  }

  private void deleteAndWaitingInsert(int key) {
    long waiting = ++lsn;
    delete(key, ++lsn, Map.of());
    commit();
    Row row = new Row(title(), text());
    rows.put(key, row);
    emit("c", key, row, lastCommit, waiting, Map.of());
  }

  private void snapshot() {
    readAll(null, ++lsn);
    lastCommit = null;
  }

  private void snapshotDuringUpdate(Step step, @Nullable Row before) {
    long early = ++lsn;
    snapshot();
    if (before != null) {
      millis++;
      Row row = new Row(title(), step.withText() ? text() : before.text());
      rows.put(step.key(), row);
      emit("u", step.key(), sent(row, step), null, early, Map.of());
      commit();
    }
  }

  private void readAll(@Nullable Long s0, long s1) {
    millis++;
    rows.forEach((key, row) -> emit("r", key, row, s0, s1, Map.of()));
  }

  private void commit() {
    lastCommit = ++lsn;
    millis++;
  }

  private void delete(int key, long at, Map<String, String> headers) {
    emit("d", key, null, lastCommit, at, headers);
    messages.add(new ChangeMessage(table, Map.of(), "default".getBytes(StandardCharsets.UTF_8)));
  }

  private static Row sent(Row row, Step step) {
    return step.withText() ? row : new Row(row.title(), UNAVAILABLE);
  }

  private String title() {
    return "title " + ++values;
  }

  private String text() {
    return "a long text that PostgreSQL would store out of line, number " + ++values;
  }

  private static String key(int key) {
    return "{\"id\":" + key + "}";
  }

  private void emit(
      String operation,
      @Nullable Integer key,
      @Nullable Row row,
      @Nullable Long s0,
      long s1,
      Map<String, String> headers) {
    ObjectNode envelope = JSON.createObjectNode().put("op", operation).put("ts_ms", millis + 5);
    if (key != null) {
      ObjectNode image = envelope.putObject(row == null ? "before" : "after").put("id", key);
      if (row != null) {
        image.put("title", row.title()).put("description", row.text());
      }
    }
    int dot = table.indexOf('.');
    envelope
        .putObject("source")
        .put("schema", table.substring(0, dot))
        .put("table", table.substring(dot + 1))
        .put("lsn", s1)
        .put("sequence", "[" + (s0 == null ? "null" : "\"" + s0 + "\"") + ",\"" + s1 + "\"]")
        .put("ts_ms", millis);
    byte[] body = envelope.toString().getBytes(StandardCharsets.UTF_8);
    messages.add(new ChangeMessage(table, headers, body));
  }

  /** The messages of all that happened, in the order in which Debezium Server sends them. */
  public List<ChangeMessage> messages() {
    return List.copyOf(messages);
  }

  /** The rows as they are in the end, by key. */
  public Map<Integer, Row> rows() {
    return rows;
  }
}
