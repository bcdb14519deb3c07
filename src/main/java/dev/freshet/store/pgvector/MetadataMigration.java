package dev.freshet.store.pgvector;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.document.DocumentId;
import dev.freshet.index.EarlierMetadata;
import dev.freshet.index.FilterTerms;
import dev.freshet.ledger.StateJson;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the metadata of older rows from their segments to their documents, as the ledger's columns
 * say it, in one transaction. No vector is touched. Segments of version 0.1 hold it flat.
 */
final class MetadataMigration implements JavaMigration {

  private static final Logger LOG = LoggerFactory.getLogger(MetadataMigration.class);

  /** The driver holds the rows of one fetch, and of one batch. */
  private static final int ROWS = 8;

  private static final List<String> RESERVED =
      List.of("freshet_document_id", "freshet_table", "freshet_segment");

  private static final String EARLIER =
      """
      SELECT d.document_id, d.table_name, d.joined_key, d.deleted, d.position, d.tx_id,
        d.committed_at, d.captured_at, d.received_at, d.columns, d.version,
        CAST(NULL AS json) AS past, d.metadata_hash,
        (SELECT s.metadata FROM freshet_text_segment s
         WHERE s.document_id = d.document_id ORDER BY s.ordinal LIMIT 1) AS flat
      FROM freshet_document d WHERE NOT d.deleted
      """;

  private static final String FILL =
      """
      UPDATE freshet_document
      SET metadata = CAST(? AS jsonb), metadata_bytes = ?, flattened = CAST(? AS jsonb), terms = ?
      WHERE document_id = ?
      """;

  /** The four columns are those that LangChain4j's PgVectorEmbeddingStore reads. */
  private static final String VIEW =
      """
      ALTER TABLE freshet_text_segment DROP COLUMN metadata;
      CREATE VIEW freshet_segment AS
      SELECT s.embedding_id, s.embedding, s.text,
        jsonb_strip_nulls(d.metadata) || d.flattened
          || jsonb_build_object('freshet_segment', s.ordinal) AS metadata
      FROM freshet_text_segment s JOIN freshet_document d USING (document_id)
      """;

  /** Whoever could read the table, as by LangChain4j, can read the view. */
  private static final String GRANTS =
      """
      DO $$
      DECLARE reader text;
      BEGIN
        FOR reader IN
          SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
          FROM pg_class, aclexplode(relacl)
          WHERE oid = CAST('freshet_text_segment' AS regclass) AND privilege_type = 'SELECT'
            AND grantee <> relowner
        LOOP
          EXECUTE 'GRANT SELECT ON freshet_segment TO ' || reader;
        END LOOP;
      END $$
      """;

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("11");
  }

  @Override
  public String getDescription() {
    return "fill metadata";
  }

  /** The data decides what it does, not its text. */
  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    long filled = 0;
    try (PreparedStatement earlier = connection.prepareStatement(EARLIER);
        PreparedStatement fill = connection.prepareStatement(FILL)) {
      earlier.setFetchSize(ROWS);
      try (ResultSet row = earlier.executeQuery()) {
        while (row.next()) {
          add(fill, row, connection);
          filled++;
          if (filled % ROWS == 0) {
            fill.executeBatch();
          }
        }
      }
      fill.executeBatch();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(VIEW);
      statement.execute(GRANTS);
    }
    if (filled > 0) {
      LOG.info("Moved the metadata of {} documents out of their segments", filled);
    }
  }

  private static void add(PreparedStatement fill, ResultSet row, Connection connection)
      throws SQLException {
    DocumentId id = Rows.documentId(row);
    ObjectNode metadata = metadata(row);
    String json = metadata.toString();
    fill.setString(1, json);
    fill.setInt(2, json.getBytes(StandardCharsets.UTF_8).length);
    fill.setString(3, FlatMetadata.of(id, metadata).toString());
    fill.setArray(4, connection.createArrayOf("text", FilterTerms.of(metadata).toArray()));
    fill.setString(5, id.toString());
    fill.addBatch();
  }

  /** A document whose values are not all known has none yet. */
  private static ObjectNode metadata(ResultSet row) throws SQLException {
    String hash = row.getString("metadata_hash");
    String flat = row.getString("flat");
    if (hash.isEmpty() || flat == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    return EarlierMetadata.of(
        StateJson.object(flat).remove(RESERVED), Rows.state(row).columns(), hash);
  }
}
