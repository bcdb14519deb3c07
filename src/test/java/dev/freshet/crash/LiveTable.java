package dev.freshet.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.support.SourceDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A real table under random transactions: inserts, updates that leave a large column out, deletes,
 * changed keys, rollbacks, and now and then a TRUNCATE. A server that is away is waited for.
 */
final class LiveTable implements AutoCloseable {

  static final String[] TABLES = {
    "CREATE TABLE products (id int PRIMARY KEY, title text NOT NULL, description text)",
    // Large values are left out of updates that do not change them.
    "ALTER TABLE products ALTER COLUMN description SET STORAGE EXTERNAL"
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int ROWS = 200;
  private static final int LARGE = 2_500;
  private static final String[] WORDS = {
    "lamp", "blanket", "kettle", "tent", "saddle", "wool", "brass", "warm", "light", "quiet"
  };

  private final SourceDatabase database;
  private final Random random;
  private final TableWriter writer;

  LiveTable(SourceDatabase database, Random random) {
    this.database = database;
    this.random = random;
    this.writer = new TableWriter(database, Duration.ofMillis(25), random, this::transaction);
  }

  void start() {
    writer.start();
  }

  long commits() {
    return writer.commits();
  }

  private List<String> transaction() {
    return Stream.generate(this::change).limit(1 + random.nextInt(3)).toList();
  }

  private String change() {
    int id = 1 + random.nextInt(ROWS);
    int kind = random.nextInt(1_000);
    if (kind < 300) {
      return "INSERT INTO products VALUES (%d, '%s', '%s') ON CONFLICT (id) DO NOTHING"
          .formatted(id, title(), random.nextInt(5) == 0 ? large() : title());
    }
    if (kind < 700) {
      return "UPDATE products SET title = '%s' WHERE id = %d".formatted(title(), id);
    }
    if (kind < 850) {
      return "DELETE FROM products WHERE id = %d".formatted(id);
    }
    if (kind < 998) {
      return ("UPDATE products SET id = %d, title = '%s' WHERE id = %d"
              + " AND NOT EXISTS (SELECT FROM products WHERE id = %d)")
          .formatted(id, title(), 1 + random.nextInt(ROWS), id);
    }
    return "TRUNCATE products";
  }

  private String title() {
    return "A " + word() + " " + word() + " " + random.nextInt(1_000);
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private String large() {
    var text = new StringBuilder();
    while (text.length() < LARGE) {
      text.append(word()).append(' ').append(random.nextInt(100)).append(". ");
    }
    return text.toString().strip();
  }

  void whilePaused(TableWriter.Work work) throws Exception {
    writer.whilePaused(work);
  }

  /** The rows by {@code schema.table/key}. */
  Map<String, ObjectNode> rows() throws SQLException, IOException {
    var rows = new TreeMap<String, ObjectNode>();
    try (Connection connection = database.connect();
        var statement = connection.createStatement();
        var found = statement.executeQuery("SELECT id, to_jsonb(products) FROM products")) {
      while (found.next()) {
        rows.put(
            "public.products/" + found.getInt(1), (ObjectNode) MAPPER.readTree(found.getString(2)));
      }
    }
    return rows;
  }

  /**
   * A commit.
   *
   * @param lsn the place in the log behind it
   */
  record Mark(long txId, String lsn) {}

  /** Commits a change of a row that nothing else changes. */
  Mark mark(int id) throws SQLException {
    try (Connection connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "INSERT INTO products VALUES (%d, 'mark', '') ON CONFLICT (id) DO UPDATE SET title = '%s'"
              .formatted(id, title()));
      long txId = Long.parseLong(value(statement, "SELECT pg_current_xact_id()"));
      connection.commit();
      return new Mark(txId, value(statement, "SELECT pg_current_wal_lsn()"));
    }
  }

  private static String value(Statement statement, String query) throws SQLException {
    try (var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  void requireHealthy() {
    writer.requireHealthy();
  }

  @Override
  public void close() {
    writer.close();
  }
}
