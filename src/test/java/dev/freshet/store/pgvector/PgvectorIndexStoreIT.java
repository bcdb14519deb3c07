package dev.freshet.store.pgvector;

import dev.freshet.store.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import dev.freshet.store.IndexStoreContract;
import dev.freshet.support.Services;
import java.time.Duration;
import java.util.UUID;

class PgvectorIndexStoreIT extends IndexStoreContract {

  private final String schema = "it_" + UUID.randomUUID().toString().replace("-", "");

  @Override
  protected IndexStore open(EmbeddingSpace space) {
    return PgvectorFactory.open(
        new JdbcConfiguration(Services.jdbcUrl(), null, null, schema, 8, Duration.ofSeconds(10)),
        space);
  }
}
