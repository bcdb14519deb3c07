package dev.freshet.store.lucene;

import dev.freshet.store.DocumentLedger;
import dev.freshet.store.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/**
 * Opens the index that {@code freshet.sink=lucene} asks for, or the ledger that {@code http} needs.
 */
@Factory
final class LuceneStoreFactory {

  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "freshet.sink", value = "lucene")
  IndexStore store(DataFolder folder, EmbeddingSpace space) {
    return LuceneIndexStore.open(folder.index(), space);
  }

  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "freshet.sink", value = "http")
  DocumentLedger ledger(DataFolder folder) {
    return LuceneIndexStore.openLedger(folder.ledger());
  }
}
