package dev.freshet.store.lucene;

import dev.freshet.store.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/** Opens the index that {@code freshet.sink=lucene} asks for. */
@Factory
final class LuceneStoreFactory {

  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "freshet.sink", value = "lucene")
  IndexStore store(DataFolder folder, EmbeddingSpace space) {
    return LuceneIndexStore.open(folder.index(), space);
  }
}
