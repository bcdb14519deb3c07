package dev.freshet.store.pgvector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.freshet.MisconfiguredException;
import dev.freshet.store.EarlierIndexContract;
import dev.freshet.store.IndexStore;
import dev.freshet.support.EarlierIndex;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
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

  /** Either version can use the index: the former one before the user acts, this one afterwards. */
  @Test
  void anUpgradeThatAViewOfTheUsersHoldsUpChangesNothing() throws Exception {
    try (var fresh = new TestSchema();
        var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      EarlierIndex.restoreTo(fresh);
      String view = fresh.name() + ".users_view";
      statement.execute(
          "CREATE VIEW %s AS SELECT metadata FROM %s.freshet_segment"
              .formatted(view, fresh.name()));

      assertThatExceptionOfType(MisconfiguredException.class)
          .isThrownBy(() -> PgvectorStores.open(fresh, SPACE).close())
          .withMessageContaining("uses freshet_segment")
          .withMessageContaining("drop it");
      assertThat(kind(statement, fresh)).isEqualTo("r");

      statement.execute("DROP VIEW " + view);
      PgvectorStores.open(fresh, SPACE).close();
      assertThat(kind(statement, fresh)).isEqualTo("v");
    }
  }

  /** {@code r} for a table, {@code v} for a view. */
  private static String kind(Statement statement, TestSchema in) throws SQLException {
    try (var row =
        statement.executeQuery(
            "SELECT relkind FROM pg_class WHERE oid = '%s.freshet_segment'::regclass"
                .formatted(in.name()))) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  @Override
  protected IndexStore openEarlier() throws Exception {
    EarlierIndex.restoreTo(schema);
    return PgvectorStores.open(schema, SPACE);
  }
}
