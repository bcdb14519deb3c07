package dev.freshet.embedding;

import dev.freshet.MisconfiguredException;
import dev.freshet.document.Renderings;
import dev.freshet.index.EmbeddingSpace;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/**
 * Provides the embedding model where vectors are made here; the HTTP sink's service makes its own.
 * An {@link EmbeddingModel} or {@link TokenCountEstimator} bean of the user's takes the place of
 * the one here. The model loads when something first asks for it, which takes about a second.
 */
@Factory
@Requires(property = "freshet.sink", notEquals = "http", defaultValue = "local")
final class EmbeddingFactory {

  @Singleton
  MiniLmTokenizer tokenizer() {
    return loaded(MiniLmTokenizer::new);
  }

  @Singleton
  @Bean(typed = EmbeddingModel.class, preDestroy = "close")
  @Requires(missingBeans = EmbeddingModel.class)
  MiniLmEmbeddingModel embeddingModel(
      MiniLmTokenizer tokenizer, EmbeddingConfiguration configuration) {
    return loaded(() -> new MiniLmEmbeddingModel(tokenizer, configuration.threadsOrCores()));
  }

  @Singleton
  @Bean(typed = TokenCountEstimator.class)
  @Requires(missingBeans = TokenCountEstimator.class)
  TokenCounter tokenCounter(MiniLmTokenizer tokenizer) {
    return new TokenCounter(tokenizer);
  }

  @Singleton
  SegmentSplitter segmentSplitter(
      SplittingConfiguration configuration, TokenCountEstimator counter) {
    return new SegmentSplitter(configuration, counter);
  }

  @Singleton
  Renderings renderings(SplittingConfiguration splitting) {
    return new Renderings(splitting.recipe());
  }

  /** As many queries at once as threads embed changes, which keep half of the processors. */
  @Singleton
  QueryEmbedder queryEmbedder(
      EmbeddingModel model, TokenCountEstimator counter, EmbeddingConfiguration configuration) {
    return new QueryEmbedder(
        model, counter::estimateTokenCountInText, configuration.threadsOrCores());
  }

  @Singleton
  EmbeddingSpace embeddingSpace(EmbeddingModel model) {
    return new EmbeddingSpace(model.modelName(), model.dimension());
  }

  /** Both unpack a native library, and run it from where they put it. */
  private static <T> T loaded(Supplier<T> loader) {
    try {
      return loader.get();
    } catch (RuntimeException | LinkageError e) {
      throw new MisconfiguredException(
          "The embedding model cannot be loaded: %s; it needs a temporary folder (java.io.tmpdir is %s)"
                  .formatted(e.getMessage(), System.getProperty("java.io.tmpdir"))
              + " that Freshet can write, and from which libraries may run",
          e);
    }
  }
}
