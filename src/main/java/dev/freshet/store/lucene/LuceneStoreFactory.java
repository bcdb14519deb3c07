package dev.freshet.store.lucene;

import dev.freshet.feed.IndexSharing;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.store.IndexStore;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/**
 * Opens the index that {@code freshet.store=lucene} asks for, or the ledger that {@code
 * freshet.sink=http} needs.
 */
@Factory
final class LuceneStoreFactory {

  @Singleton
  @Requires(property = "freshet.store", value = "lucene")
  IndexSharing sharing() {
    return new IndexSharing("lucene", false);
  }

  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "freshet.store", value = "lucene")
  @Requires(property = "freshet.sink", notEquals = "http", defaultValue = "local")
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
