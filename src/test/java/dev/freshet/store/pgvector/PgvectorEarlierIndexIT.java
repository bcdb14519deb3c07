package dev.freshet.store.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.store.EarlierIndexContract;
import dev.freshet.store.IndexStore;
import dev.freshet.support.EarlierIndex;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgvectorEarlierIndexIT extends EarlierIndexContract {

  private final TestSchema schema = new TestSchema();

  @AfterEach
  void dropSchema() throws SQLException {
    schema.close();
  }

  /** The table is renamed, and a view takes its place. */
  @Test
  void whoeverCouldReadTheSegmentsStillCan() throws Exception {
    try (var fresh = new TestSchema();
        var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      EarlierIndex.restoreTo(fresh);
      statement.execute("GRANT SELECT ON " + fresh.name() + ".freshet_segment TO PUBLIC");
      PgvectorStores.open(fresh, SPACE).close();
      try (var row =
          statement.executeQuery(
              "SELECT count(*) FROM pg_class, aclexplode(relacl) WHERE oid = '"
                  + fresh.name()
                  + ".freshet_segment'::regclass AND grantee = 0 AND privilege_type = 'SELECT'")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isOne();
      }
    }
  }

  @Override
  protected IndexStore openEarlier() throws Exception {
    EarlierIndex.restoreTo(schema);
    return PgvectorStores.open(schema, SPACE);
  }
}
