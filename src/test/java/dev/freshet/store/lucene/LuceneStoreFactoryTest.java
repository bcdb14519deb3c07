package dev.freshet.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.index.EmbeddingSpace;
import dev.freshet.store.IndexStore;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.env.MapPropertySource;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneStoreFactoryTest {

  @TempDir Path folder;

  @Test
  void theSinkLuceneKeepsItsIndexInTheDataFolder() {
    try (var context = start(Map.of("freshet.sink", "lucene", "freshet.data-dir", folder))) {
      assertThat(context.getBean(IndexStore.class)).isInstanceOf(LuceneIndexStore.class);
      assertThat(folder.resolve("index")).isNotEmptyDirectory();
    }
  }

  @Test
  void theEnvironmentNamesTheDataFolder() {
    var environment =
        new MapPropertySource("environment", Map.of("FRESHET_DATA_DIR", folder.toString())) {
          @Override
          public PropertyConvention getConvention() {
            return PropertyConvention.ENVIRONMENT_VARIABLE;
          }
        };
    try (var context = quiet().propertySources(environment).start()) {
      assertThat(context.getBean(DataFolder.class).index()).isEqualTo(folder.resolve("index"));
    }
  }

  @Test
  void theDataFolderIsNamedDataByDefault() {
    try (var context = start(Map.of())) {
      assertThat(context.getBean(DataFolder.class).dataDir()).isEqualTo(Path.of("./data"));
    }
  }

  @Test
  void anotherSinkOpensNoIndex() {
    try (var context = start(Map.of("freshet.sink", "pgvector", "freshet.data-dir", folder))) {
      assertThat(context.containsBean(LuceneIndexStore.class)).isFalse();
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void theIndexIsClosedWithTheContext() {
    var settings = Map.<String, Object>of("freshet.sink", "lucene", "freshet.data-dir", folder);
    try (var context = start(settings)) {
      assertThat(context.getBean(IndexStore.class).status().available()).isTrue();
    }
    try (var context = start(settings)) {
      assertThat(context.getBean(IndexStore.class).status().available()).isTrue();
    }
  }

  private static ApplicationContext start(Map<String, Object> properties) {
    return quiet().properties(properties).singletons(new EmbeddingSpace("test-model", 3)).start();
  }

  /** Without the module that connects to RabbitMQ by itself. */
  private static ApplicationContextBuilder quiet() {
    return ApplicationContext.builder().exclude("io.micronaut.rabbitmq");
  }
}
