package dev.freshet.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.changeevent.TableId;
import dev.freshet.support.TestSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Freshet's tables, read by plain SQL rather than by Freshet's own code. */
final class PgvectorIndex implements TestIndex {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String SOME =
      "SELECT document_id FROM freshet_document d WHERE table_name = '%s' AND NOT deleted"
          + " AND content_hash <> 'another' AND EXISTS (SELECT FROM freshet_text_segment s"
          + " WHERE s.document_id = d.document_id) ORDER BY md5(document_id) LIMIT %d";

  private static final String DELETE =
      "DELETE FROM freshet_document WHERE document_id IN (%s) RETURNING document_id";

  private static final String CHANGE =
      """
      WITH changed AS (
        UPDATE freshet_document SET content_hash = 'another',
          columns = jsonb_set(columns::jsonb, '{title}', '"Another title"')::json
        WHERE document_id IN (%s) RETURNING document_id),
      forgotten AS (
        DELETE FROM freshet_words WHERE embedding_id IN (
          SELECT embedding_id FROM freshet_text_segment JOIN changed USING (document_id)))
      UPDATE freshet_text_segment
      SET text = 'Title: Another title', embedding_id = gen_random_uuid()
      WHERE document_id IN (SELECT document_id FROM changed)
      RETURNING document_id
      """;

  private static final String UNSEARCHABLE =
      "DELETE FROM freshet_text_segment WHERE document_id IN (%s) RETURNING document_id";

  private static final String COPY =
      """
      WITH copied AS (
        INSERT INTO freshet_document
        SELECT (jsonb_populate_record(d, jsonb_build_object(
          'document_id', document_id || '0000', 'joined_key', joined_key || '0000'))).*
        FROM freshet_document d WHERE document_id IN (%s) RETURNING document_id)
      INSERT INTO freshet_text_segment
      SELECT (jsonb_populate_record(s, jsonb_build_object(
        'embedding_id', gen_random_uuid(), 'document_id', s.document_id || '0000'))).*
      FROM freshet_text_segment s JOIN copied ON copied.document_id = s.document_id || '0000'
      RETURNING document_id
      """;

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

  /**
   * Breaks documents of a table.
   *
   * @param each so many of each kind
   * @return the ids that are missing, orphaned and different now
   */
  Map<String, List<String>> damage(TableId table, int each) throws SQLException {
    var damaged = new TreeMap<String, List<String>>();
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.createStatement()) {
      connection.setSchema(schema.name());
      connection.setAutoCommit(false);
      damaged.put("missing", ids(statement, DELETE.formatted(SOME.formatted(table, each))));
      List<String> different =
          ids(statement, CHANGE.formatted(SOME.formatted(table, each - each / 2)));
      different.addAll(ids(statement, UNSEARCHABLE.formatted(SOME.formatted(table, each / 2))));
      damaged.put("different", different);
      damaged.put("orphaned", ids(statement, COPY.formatted(SOME.formatted(table, each))));
      connection.commit();
    }
    return damaged;
  }

  private static List<String> ids(Statement statement, String sql) throws SQLException {
    var ids = new ArrayList<String>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  @Override
  public void close() throws SQLException {
    schema.close();
  }
}
