package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.index.EmbeddingSpace;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.inject.BeanConfiguration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingFactoryTest {

  @Test
  void theModelAndItsSplitterAreThereByDefault() {
    try (ApplicationContext context = start(Map.of())) {
      EmbeddingModel model = context.getBean(EmbeddingModel.class);

      assertThat(model).isInstanceOf(MiniLmEmbeddingModel.class);
      assertThat(model.embed("lamp").content().dimension()).isEqualTo(384);
      assertThat(context.getBean(EmbeddingSpace.class))
          .isEqualTo(new EmbeddingSpace("all-minilm-l6-v2", 384));
      assertThat(context.getBean(SegmentSplitter.class).split("lamp")).containsExactly("lamp");
    }
  }

  @Test
  void aServiceThatEmbedsByItselfNeedsNoModel() {
    try (ApplicationContext context = start(Map.of("freshet.sink", "http"))) {
      assertThat(context.containsBean(EmbeddingModel.class)).isFalse();
      assertThat(context.containsBean(SegmentSplitter.class)).isFalse();
      assertThat(context.containsBean(EmbeddingSpace.class)).isFalse();
    }
  }

  @Test
  void anotherModelTakesThePlaceOfThisOne() {
    EmbeddingModel other = new OtherModel();
    try (ApplicationContext context = builder(Map.of()).singletons(other).start()) {
      assertThat(context.getBean(EmbeddingModel.class)).isSameAs(other);
      assertThat(context.getBean(EmbeddingSpace.class)).isEqualTo(new EmbeddingSpace("other", 3));
    }
  }

  @Test
  void theDefaultsAreThoseOfTheModel() {
    try (ApplicationContext context = start(Map.of())) {
      assertThat(context.getBean(SplittingConfiguration.class))
          .isEqualTo(new SplittingConfiguration(256, 32));
      assertThat(context.getBean(EmbeddingConfiguration.class).threadsOrCores())
          .isEqualTo(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void eachValueCanBeConfigured() {
    Map<String, Object> properties =
        Map.of(
            "freshet.splitting.max-tokens", "100",
            "freshet.splitting.overlap-tokens", "0",
            "freshet.embedding.threads", "3");
    try (ApplicationContext context = start(properties)) {
      assertThat(context.getBean(SplittingConfiguration.class))
          .isEqualTo(new SplittingConfiguration(100, 0));
      assertThat(context.getBean(EmbeddingConfiguration.class).threadsOrCores()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "freshet.splitting.max-tokens,257",
    "freshet.splitting.max-tokens,15",
    "freshet.splitting.overlap-tokens,256",
    "freshet.splitting.overlap-tokens,-1",
    "freshet.embedding.threads,-1"
  })
  void aBadValueEndsTheStartAndNamesItsKey(String key, String value) {
    assertThatThrownBy(() -> start(Map.of(key, value)).close())
        .hasStackTraceContaining(key + " is " + value + ": set it to");
  }

  private static ApplicationContext start(Map<String, Object> properties) {
    return builder(properties).start();
  }

  /** Without the other features' beans: some want servers. */
  private static ApplicationContextBuilder builder(Map<String, Object> properties) {
    return ApplicationContext.builder()
        .beanConfigurations(
            Stream.of(
                    "dev.freshet.api",
                    "dev.freshet.capture",
                    "dev.freshet.feed",
                    "dev.freshet.freshness",
                    "dev.freshet.indexing",
                    "dev.freshet.search",
                    "dev.freshet.sink",
                    "dev.freshet.store.lucene",
                    "dev.freshet.store.pgvector")
                .map(BeanConfiguration::disabled)
                .toArray(BeanConfiguration[]::new))
        .properties(properties);
  }

  private static final class OtherModel implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      return Response.from(List.of());
    }

    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public String modelName() {
      return "other";
    }
  }
}
