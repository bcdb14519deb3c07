package dev.freshet.store.pgvector;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.support.Services;
import dev.freshet.support.TestSchema;
import java.time.Duration;

/** Opens stores for tests of other packages. */
public final class PgvectorStores {

  private PgvectorStores() {}

  public static IndexStore open(TestSchema schema, EmbeddingSpace space) {
    return PgvectorFactory.open(
        new JdbcConfiguration(
            Services.jdbcUrl(), null, null, schema.name(), 4, Duration.ofSeconds(30)),
        space);
  }
}
