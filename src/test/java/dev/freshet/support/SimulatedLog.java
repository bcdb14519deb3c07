package dev.freshet.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.feed.ChangeMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's write-ahead log as Debezium Server tells of it: the messages of the corpus (plain
 * envelopes without schema), with the positions that it gives to transactions, snapshots and
 * incremental snapshots.
 */
final class SimulatedLog {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String OLD_KEY = "__debezium.oldkey";
  private static final String NEW_KEY = "__debezium.newkey";

  private final Random random;
  private final List<ChangeMessage> written = new ArrayList<>();
  private long lsn = 48_000_000;
  private long txId = 700;

  /** All events of a transaction tell when it was committed. */
  private long time;

  /** Where the last transaction ended; null until the first one after the snapshot. */
  private @Nullable Long lastCommit;

  SimulatedLog(Random random) {
    this.random = random;
  }

  /** Ends the transaction, and answers what it wrote. */
  List<ChangeMessage> commit() {
    lsn += 8L * (1 + random.nextInt(20));
    lastCommit = lsn;
    txId++;
    return drain();
  }

  /** The initial snapshot's rows: all carry the position at which it began. */
  void read(String table, JsonNode row) {
    add(table, "r", null, row, source(table, "true", lsn, sequence()), Map.of());
  }

  /** An incremental snapshot's row: its place in the log stands in the sequence only. */
  void readAgain(String table, JsonNode row) {
    add(table, "r", null, row, source(table, "incremental", null, sequence()), Map.of());
  }

  List<ChangeMessage> drain() {
    List<ChangeMessage> all = List.copyOf(written);
    written.clear();
    return all;
  }

  void insert(String table, JsonNode row) {
    change(table, "c", null, row, Map.of());
  }

  void update(String table, JsonNode row) {
    change(table, "u", null, row, Map.of());
  }

  void delete(String table, int id) {
    change(table, "d", key(id), null, Map.of());
    tombstone(table, Map.of());
  }

  /** An update of the key: both events stand at one LSN. */
  void move(String table, int from, JsonNode row) {
    Map<String, String> forward = Map.of(NEW_KEY, key(row.path("id").intValue()).toString());
    step();
    add(table, "d", key(from), null, source(table, "false", lsn, sequence()), forward);
    tombstone(table, forward);
    Map<String, String> back = Map.of(OLD_KEY, key(from).toString());
    add(table, "c", null, row, source(table, "false", lsn, sequence()), back);
  }

  void truncate(String table) {
    change(table, "t", null, null, Map.of());
  }

  private void change(
      String table,
      String operation,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      Map<String, String> headers) {
    step();
    add(table, operation, before, after, source(table, "false", lsn, sequence()), headers);
  }

  /** A transaction's first record often stands right where the one before ended. */
  private void step() {
    lsn += written.isEmpty() && random.nextBoolean() ? 0 : 8L * (7 + random.nextInt(60));
  }

  private String sequence() {
    String commit = lastCommit == null ? "null" : "\"" + lastCommit + "\"";
    return "[" + commit + ",\"" + lsn + "\"]";
  }

  private ObjectNode source(String table, String snapshot, @Nullable Long at, String sequence) {
    time = written.isEmpty() ? System.currentTimeMillis() : time;
    return MAPPER
        .createObjectNode()
        .put("version", "3.6.0.Final")
        .put("connector", "postgresql")
        .put("name", "db")
        .put("ts_ms", time)
        .put("snapshot", snapshot)
        .put("db", "simulated")
        .put("sequence", sequence)
        .put("schema", table.substring(0, table.indexOf('.')))
        .put("table", table.substring(table.indexOf('.') + 1))
        .put("txId", at == null ? null : Long.valueOf(txId))
        .put("lsn", at);
  }

  private void add(
      String table,
      String operation,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      ObjectNode source,
      Map<String, String> headers) {
    ObjectNode envelope = MAPPER.createObjectNode();
    envelope.set("before", before == null ? MAPPER.nullNode() : before);
    envelope.set("after", after == null ? MAPPER.nullNode() : after);
    envelope.set("source", source);
    envelope.putNull("transaction");
    envelope.put("op", operation).put("ts_ms", System.currentTimeMillis());
    byte[] body = envelope.toString().getBytes(StandardCharsets.UTF_8);
    written.add(new ChangeMessage(table, headers, body));
  }

  private void tombstone(String table, Map<String, String> headers) {
    byte[] body = "default".getBytes(StandardCharsets.UTF_8);
    written.add(new ChangeMessage(table, headers, body));
  }

  /** What a delete says of the row with the default replica identity. */
  private static ObjectNode key(int id) {
    return MAPPER.createObjectNode().put("id", id);
  }
}
