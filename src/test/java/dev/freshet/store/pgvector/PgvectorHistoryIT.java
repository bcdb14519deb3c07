package dev.freshet.store.pgvector;

import dev.freshet.changeevent.TableId;
import dev.freshet.history.HistoryProperty;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import net.jqwik.api.lifecycle.AfterContainer;

class PgvectorHistoryIT extends HistoryProperty {

  private static final TestSchema SCHEMA = new TestSchema();
  private static final IndexStore STORE =
      PgvectorFactory.open(
          new JdbcConfiguration(
              Services.jdbcUrl(), null, null, SCHEMA.name(), 4, Duration.ofSeconds(10)),
          new EmbeddingSpace("history", 3));

  @AfterContainer
  static void close() throws SQLException {
    STORE.close();
    SCHEMA.close();
  }

  @Override
  protected IndexStore store() {
    return STORE;
  }

  @Override
  protected void forget(TableId table) {
    String sql =
        "DELETE FROM %s.freshet_document WHERE table_name = '%s'".formatted(SCHEMA.name(), table);
    try (var connection = DriverManager.getConnection(Services.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
