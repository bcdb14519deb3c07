package dev.freshet.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.support.TestSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/** Freshet's tables, read by plain SQL rather than by Freshet's own code. */
final class PgvectorIndex implements TestIndex {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String jdbcUrl;
  private final String urlForFreshet;
  private final TestSchema schema;

  /**
   * @param urlForFreshet the same server, perhaps over a network that the test can break
   */
  PgvectorIndex(String jdbcUrl, String urlForFreshet) {
    this.jdbcUrl = jdbcUrl;
    this.urlForFreshet = urlForFreshet;
    this.schema = new TestSchema(jdbcUrl);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "FRESHET_SINK",
        "pgvector",
        "FRESHET_JDBC_URL",
        urlForFreshet,
        "FRESHET_JDBC_SCHEMA",
        schema.name(),
        "FRESHET_JDBC_TIMEOUT",
        "5s");
  }

  @Override
  public boolean canBeReadWhileFreshetRuns() {
    return true;
  }

  @Override
  public Object expected(ObjectNode row) {
    return IndexedDocument.expected(row);
  }

  @Override
  public Map<String, IndexedDocument> contents() throws SQLException, IOException {
    var contents = new TreeMap<String, IndexedDocument>();
    try (var connection = DriverManager.getConnection(jdbcUrl)) {
      connection.setSchema(schema.name());
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      readDocuments(connection, contents);
      readSegments(connection, contents);
    }
    return contents;
  }

  private static void readDocuments(Connection connection, Map<String, IndexedDocument> contents)
      throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT document_id, content_hash, metadata_hash FROM freshet_document"
                    + " WHERE NOT deleted")) {
      while (rows.next()) {
        contents.put(
            rows.getString(1),
            new IndexedDocument(
                rows.getString(2), rows.getString(3), new ArrayList<>(), new ArrayList<>()));
      }
    }
  }

  private static void readSegments(Connection connection, Map<String, IndexedDocument> contents)
      throws SQLException, IOException {
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT document_id, ordinal, text, metadata"
                    + " FROM freshet_text_segment JOIN freshet_document USING (document_id)"
                    + " ORDER BY document_id, ordinal, text")) {
      while (rows.next()) {
        // A segment without a live document makes a document that no row expects.
        IndexedDocument document =
            contents.computeIfAbsent(
                rows.getString(1),
                id -> new IndexedDocument("", "", new ArrayList<>(), new ArrayList<>()));
        document.segments().add(IndexedDocument.segment(rows.getInt(2), rows.getString(3)));
        document.metadata().add(MAPPER.readTree(rows.getString(4)));
      }
    }
  }

  @Override
  public void close() throws SQLException {
    schema.close();
  }
}
