package dev.freshet.store.pgvector;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.freshet.MisconfiguredException;
import dev.freshet.feed.IndexSharing;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Makes the store when {@code freshet.store} is {@code pgvector}. */
@Factory
@Requires(property = "freshet.store", value = "pgvector", defaultValue = "pgvector")
final class PgvectorFactory {

  private static final Duration START_PATIENCE = Duration.ofSeconds(2);

  @Singleton
  IndexSharing sharing() {
    return new IndexSharing("pgvector", true);
  }

  @Singleton
  @Bean(preDestroy = "close")
  IndexStore pgvectorStore(JdbcConfiguration configuration, EmbeddingSpace space) {
    return open(configuration, space);
  }

  /**
   * Opens a store; PostgreSQL need not be there yet.
   *
   * @throws MisconfiguredException when the index holds the vectors of another model, or PostgreSQL
   *     must be changed first
   */
  static PgvectorIndexStore open(JdbcConfiguration configuration, EmbeddingSpace space) {
    var dataSource = new HikariDataSource(pool(configuration));
    var store =
        new PgvectorIndexStore(dataSource, new Schema(dataSource, configuration.schema(), space));
    try {
      store.start();
    } catch (MisconfiguredException e) {
      store.close();
      throw e;
    }
    dataSource.getHikariConfigMXBean().setConnectionTimeout(configuration.timeout().toMillis());
    return store;
  }

  static HikariConfig pool(JdbcConfiguration configuration) {
    var hikari = new HikariConfig();
    hikari.setPoolName("freshet-pgvector");
    hikari.setJdbcUrl(configuration.url());
    hikari.setUsername(configuration.user());
    hikari.setPassword(configuration.password());
    hikari.setMaximumPoolSize(configuration.poolSize());
    // A server that is down does not hold up the start; open sets the wait of later calls.
    hikari.setConnectionTimeout(
        Math.min(START_PATIENCE.toMillis(), configuration.timeout().toMillis()));
    // The process starts and stays up while PostgreSQL is down.
    hikari.setInitializationFailTimeout(-1);
    int seconds = Math.toIntExact(Math.max(1, configuration.timeout().toSeconds()));
    hikari.addDataSourceProperty("loginTimeout", seconds);
    hikari.addDataSourceProperty("connectTimeout", seconds);
    hikari.addDataSourceProperty("socketTimeout", seconds);
    hikari.addDataSourceProperty("tcpKeepAlive", true);
    // Rewritten batches can hide how many rows an entry wrote, and with that a conflict.
    // An error's detail quotes whole rows.
    hikari.addDataSourceProperty("logServerErrorDetail", false);
    hikari.addDataSourceProperty("ApplicationName", "freshet");
    // The extension's types usually stand in public.
    hikari.addDataSourceProperty("currentSchema", "\"" + configuration.schema() + "\",public");
    return hikari;
  }
}
