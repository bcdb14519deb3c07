package dev.freshet.store.pgvector;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Stores of a class's tests, one after the other. They share the tables and the connections, which
 * take longer to set up than most tests; what a store remembers is its own.
 */
public final class EmptyStores implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final TestSchema schema = new TestSchema();
  private final SharedPool pool;
  private final Schema tables;

  public EmptyStores(EmbeddingSpace space) {
    HikariConfig connections =
        PgvectorFactory.pool(
            new JdbcConfiguration(Services.jdbcUrl(), null, null, schema.name(), 8, TIMEOUT));
    connections.setConnectionTimeout(TIMEOUT.toMillis());
    pool = new SharedPool(connections);
    tables = new Schema(pool, schema.name(), space);
  }

  /** Stays open when a store is closed. */
  private static final class SharedPool extends HikariDataSource {

    SharedPool(HikariConfig configuration) {
      super(configuration);
    }

    @Override
    public void close() {}

    void closeForGood() {
      super.close();
    }
  }

  TestSchema schema() {
    return schema;
  }

  /** An empty store over the shared tables and connections. */
  public IndexStore open() throws SQLException {
    schema.empty();
    var store = new PgvectorIndexStore(pool, tables);
    store.start();
    return store;
  }

  /** A store with connections of its own, over what the last one left. */
  public IndexStore openAgain(EmbeddingSpace space) {
    return PgvectorStores.open(schema, space);
  }

  @Override
  public void close() throws SQLException {
    pool.closeForGood();
    schema.close();
  }
}
