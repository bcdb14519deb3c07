package dev.freshet.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.support.SourceDatabase;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A large table and small ones with keys of other types, all of them under random changes: most are
 * of a number, some of the text, and rows come, go and change their keys.
 */
final class KeyedTables implements AutoCloseable {

  static final KeyedTable PRODUCTS = new KeyedTable("products", List.of("id int"), "(%d)");

  private static final List<KeyedTable> SMALL =
      List.of(
          new KeyedTable("articles", List.of("id uuid"), "(md5('a%d')::uuid)"),
          new KeyedTable(
              "order_lines", List.of("order_id bigint", "line_no int"), "(%1$d / 3, %1$d %% 3)"),
          new KeyedTable("zoo", List.of("id bigint"), "(9007199254740993 + %d)"),
          new KeyedTable("labels", List.of("name text"), "('a label, ' || %d || ' \\ é')"));

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int CHANGES = 5;
  private static final String[] WORDS = {"lamp", "blanket", "kettle", "tent", "saddle", "wool"};

  private final SourceDatabase database;
  private final Random random;
  private final TableWriter writer;
  private final int rows;
  private final int smallRows;

  /**
   * A table, whose rows are numbered.
   *
   * @param columns of the key, with their types
   * @param key the SQL that makes a row's key of its number
   */
  record KeyedTable(String name, List<String> columns, String key) {

    String create() {
      return "CREATE TABLE %s (%s, title text, description text, stock int, PRIMARY KEY (%s))"
          .formatted(name, String.join(", ", columns), keyNames());
    }

    TableId id() {
      return new TableId("public", name);
    }

    List<String> keyColumns() {
      return columns.stream().map(column -> column.substring(0, column.indexOf(' '))).toList();
    }

    String keyNames() {
      return String.join(", ", keyColumns());
    }

    String keyOf(long number) {
      return key.formatted(number);
    }
  }

  /**
   * @param rows of the large table
   * @param smallRows of each other one
   * @param changesPerSecond so many
   */
  KeyedTables(String server, int rows, int smallRows, int changesPerSecond, Random random)
      throws SQLException {
    this.random = random;
    this.rows = rows;
    this.smallRows = smallRows;
    this.database =
        SourceDatabase.createOn(server, all().map(KeyedTable::create).toArray(String[]::new));
    for (KeyedTable table : all().toList()) {
      fill(table);
    }
    this.writer =
        new TableWriter(
            database,
            Duration.ofSeconds(1).multipliedBy(CHANGES).dividedBy(changesPerSecond),
            random,
            () -> Stream.generate(this::change).limit(CHANGES).toList());
  }

  static Stream<KeyedTable> all() {
    return Stream.concat(Stream.of(PRODUCTS), SMALL.stream());
  }

  private void fill(KeyedTable table) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int number = 1; number <= rows(table); number++) {
        statement.addBatch(insert(table, number));
        if (number % 1_000 == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
      connection.commit();
    }
    database.execute("ANALYZE " + table.name());
  }

  int rows(KeyedTable table) {
    return table.equals(PRODUCTS) ? rows : smallRows;
  }

  private static String insert(KeyedTable table, int number) {
    return "INSERT INTO %s SELECT key.*, 'The %s %d', NULL, 0 FROM (VALUES %s) key ON CONFLICT DO NOTHING"
        .formatted(table.name(), WORDS[number % WORDS.length], number, table.keyOf(number));
  }

  SourceDatabase database() {
    return database;
  }

  void start() {
    writer.start();
  }

  long changes() {
    return writer.commits() * CHANGES;
  }

  void whilePaused(TableWriter.Work work) throws Exception {
    writer.whilePaused(work);
  }

  /** No changes any more; what was committed stays. */
  void stop() {
    writer.close();
  }

  void requireHealthy() {
    writer.requireHealthy();
  }

  private String change() {
    KeyedTable table = random.nextInt(5) > 0 ? PRODUCTS : SMALL.get(random.nextInt(SMALL.size()));
    int number = 1 + random.nextInt(rows(table));
    String where = " WHERE (%s) = %s".formatted(table.keyNames(), table.keyOf(number));
    int kind = random.nextInt(100);
    if (kind < 70) {
      return "UPDATE %s SET stock = %d".formatted(table.name(), random.nextInt(1_000)) + where;
    } else if (kind < 82) {
      String title = WORDS[random.nextInt(WORDS.length)] + " of " + random.nextInt(1_000);
      return "UPDATE %s SET title = 'A %s'".formatted(table.name(), title) + where;
    } else if (kind < 83) {
      return "DELETE FROM " + table.name() + where;
    } else if (kind < 96) {
      return insert(table, number);
    }
    String other = table.keyOf(1 + random.nextInt(rows(table)));
    return "UPDATE %s SET (%s) = (SELECT key.* FROM (VALUES %s) key)%s AND NOT EXISTS (SELECT FROM %1$s WHERE (%2$s) = %3$s)"
        .formatted(table.name(), table.keyNames(), other, where);
  }

  /** The rows by the ids of their documents. */
  Map<String, ObjectNode> contents() throws SQLException, IOException {
    var contents = new TreeMap<String, ObjectNode>();
    for (KeyedTable table : all().toList()) {
      try (var connection = database.connect();
          var statement = connection.createStatement();
          var found =
              statement.executeQuery(
                  "SELECT t.*, to_jsonb(t) AS content FROM %s t".formatted(table.name()))) {
        while (found.next()) {
          contents.put(id(table, found), (ObjectNode) MAPPER.readTree(found.getString("content")));
        }
      }
    }
    return contents;
  }

  private static String id(KeyedTable table, ResultSet row) throws SQLException {
    var key = new ArrayList<String>();
    for (String column : table.keyColumns()) {
      key.add(row.getString(column));
    }
    return new DocumentId(table.id(), key).toString();
  }

  @Override
  public void close() throws SQLException {
    writer.close();
    database.close();
  }
}
