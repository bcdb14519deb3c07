package dev.freshet.store.pgvector;

import static dev.freshet.store.StoreFixtures.update;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.LinearSizeContract;
import dev.freshet.store.StoreFixtures.Writing;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.DriverManager;
import java.sql.SQLException;

class LinearSizeIT extends LinearSizeContract {

  @Override
  protected long stored(Writing row) throws Exception {
    try (var schema = new TestSchema();
        var store = PgvectorStores.open(schema, new EmbeddingSpace("test-model", 3))) {
      long empty = bytes(schema);
      store.commit(update(row));
      return bytes(schema) - empty;
    }
  }

  /** Tables with their indexes, and what they keep apart. */
  private static long bytes(TestSchema schema) throws SQLException {
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement =
            connection.prepareStatement(
                """
                SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
                WHERE c.relkind = 'r' AND c.relnamespace = CAST(? AS regnamespace)
                """)) {
      statement.setString(1, schema.name());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
