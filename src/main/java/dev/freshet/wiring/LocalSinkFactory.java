package dev.freshet.wiring;

import dev.freshet.document.Renderings;
import dev.freshet.embedding.SegmentSplitter;
import dev.freshet.indexing.IndexingConfiguration;
import dev.freshet.sink.IndexSink;
import dev.freshet.sink.local.LocalIndexSink;
import dev.freshet.store.Store;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The sink inside the JVM, over whichever store {@code freshet.store} names. */
@Factory
@Requires(property = "freshet.sink", value = "local", defaultValue = "local")
final class LocalSinkFactory {

  @Singleton
  @Bean(preDestroy = "close")
  IndexSink localSink(
      Store store,
      EmbeddingModel model,
      SegmentSplitter splitter,
      Renderings renderings,
      IndexingConfiguration configuration,
      Clock clock) {
    return new LocalIndexSink(
        store, model, splitter::split, renderings, configuration.maxMetadataSize(), clock);
  }
}
