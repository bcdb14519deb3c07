package dev.freshet.support;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.feed.ChangeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A source database under random writes, and the messages that Debezium Server makes of them:
 * transactions of inserts, updates, deletes, key changes and truncates over a few keys of two
 * tables, and incremental snapshots between them. It keeps the tables' true rows. The same seed
 * gives the same history.
 */
public final class SimulatedSource {

  /** The tables, as {@code schema.table}; the key of each is {@code id}. */
  public static final List<String> TABLES = List.of("public.products", "public.articles");

  /** What Debezium writes in the place of a large value that did not change. */
  public static final String UNAVAILABLE = "__debezium_unavailable_value";

  /** So many that the next changes do not cover up for one that was lost. */
  private static final int KEYS = 120;

  private static final int ROWS_BEFORE = 12;

  /** About where PostgreSQL begins to store a text apart from its row. */
  private static final int LARGE = 2_000;

  private final ObjectMapper mapper = new ObjectMapper();
  private final Random random;
  private final boolean leavesOutLargeValues;
  private final SimulatedLog log;
  private final SimulatedTexts texts;
  private final Map<String, TreeMap<Integer, ObjectNode>> tables = new TreeMap<>();
  private int versions;

  private SimulatedSource(Random random, boolean leavesOutLargeValues) {
    this.random = random;
    this.leavesOutLargeValues = leavesOutLargeValues;
    this.log = new SimulatedLog(random);
    this.texts = new SimulatedTexts(random);
    TABLES.forEach(table -> tables.put(table, new TreeMap<>()));
  }

  /** A source that leaves out large values which an update did not change. */
  public static SimulatedSource leavingOutLargeValues(long seed) {
    return new SimulatedSource(new Random(seed), true);
  }

  /** A source with {@code REPLICA IDENTITY FULL}: every event carries every value. */
  public static SimulatedSource withCompleteRows(long seed) {
    return new SimulatedSource(new Random(seed), false);
  }

  /** The tables' rows now, by {@code schema.table/key}. */
  public Map<String, ObjectNode> rows() {
    var rows = new TreeMap<String, ObjectNode>();
    tables.forEach(
        (table, ofTable) ->
            ofTable.forEach((id, row) -> rows.put(table + "/" + id, row.deepCopy())));
    return rows;
  }

  /** Rows that were there before anyone captured changes, and their snapshot. */
  public List<ChangeMessage> snapshot() {
    for (String table : TABLES) {
      for (int id = 1; id <= ROWS_BEFORE; id++) {
        log.read(table, put(table, newRow(id)));
      }
    }
    return log.drain();
  }

  /** The messages of the next transaction, or of an incremental snapshot between two. */
  public List<ChangeMessage> next() {
    if (random.nextInt(100) == 0) {
      String table = anyTable();
      tables.get(table).values().forEach(row -> log.readAgain(table, row));
      return log.drain();
    }
    int writes = 1 + random.nextInt(4);
    for (int i = 0; i < writes; i++) {
      write(anyTable());
    }
    return log.commit();
  }

  /** A transaction that writes one row outside the keys of the others, new or not. */
  public List<ChangeMessage> write(String table, int id) {
    if (id <= KEYS) {
      throw new IllegalArgumentException("the key is one of the random writes': " + id);
    }
    log.insert(table, put(table, newRow(id)));
    return log.commit();
  }

  private String anyTable() {
    return TABLES.get(random.nextInt(TABLES.size()));
  }

  private void write(String table) {
    int id = 1 + random.nextInt(KEYS);
    ObjectNode row = tables.get(table).get(id);
    if (row == null) {
      log.insert(table, put(table, newRow(id)));
    } else if (random.nextInt(400) == 0) {
      tables.get(table).clear();
      log.truncate(table);
    } else {
      change(table, id, row);
    }
  }

  private void change(String table, int id, ObjectNode row) {
    int choice = random.nextInt(10);
    if (choice == 0) {
      tables.get(table).remove(id);
      log.delete(table, id);
    } else if (choice == 1) {
      move(table, id, row);
    } else if (choice <= 4) {
      log.update(table, put(table, newRow(id)));
    } else if (choice <= 6) {
      // Of the metadata alone.
      log.update(table, told(put(table, row.deepCopy().put("stock", random.nextInt(1_000)))));
    } else {
      log.update(table, told(put(table, row.deepCopy().put("title", title(id)))));
    }
  }

  private void move(String table, int id, ObjectNode row) {
    var free = new ArrayList<Integer>();
    for (int candidate = 1; candidate <= KEYS; candidate++) {
      if (!tables.get(table).containsKey(candidate)) {
        free.add(candidate);
      }
    }
    if (!free.isEmpty()) {
      int target = free.get(random.nextInt(free.size()));
      tables.get(table).remove(id);
      log.move(table, id, told(put(table, row.deepCopy().put("id", target))));
    } else {
      log.update(table, told(row));
    }
  }

  private ObjectNode put(String table, ObjectNode row) {
    tables.get(table).put(row.path("id").intValue(), row);
    return row;
  }

  /** The row as an event tells of it that did not change the description. */
  private ObjectNode told(ObjectNode row) {
    boolean large = row.path("description").asText().length() > LARGE;
    return large && leavesOutLargeValues ? row.deepCopy().put("description", UNAVAILABLE) : row;
  }

  private ObjectNode newRow(int id) {
    return mapper
        .createObjectNode()
        .put("id", id)
        .put("title", title(id))
        .put("description", texts.description())
        .put("category", texts.word())
        .put("stock", random.nextInt(1_000));
  }

  /** No two versions of a row are alike. */
  private String title(int id) {
    return "Row " + id + " version " + ++versions + " " + texts.word();
  }
}
