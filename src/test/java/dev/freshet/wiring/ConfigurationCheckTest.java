package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationCheckTest {

  @TempDir private Path folder;

  private void start(Map<String, Object> settings) {
    var properties = new HashMap<>(settings);
    properties.putIfAbsent("freshet.feed", "memory");
    properties.putIfAbsent("freshet.sink", "lucene");
    properties.put("freshet.data-dir", folder.toString());
    ApplicationContext.builder().properties(properties).start().close();
  }

  @Test
  void goodSettingsStart() {
    start(
        Map.of(
            "freshet.indexing.batch-bytes", "1MB",
            "freshet.indexing.shutdown-timeout", "5s",
            "freshet.tables.public.products.exclude", "note"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freshet.tabels.public.products.exclude | note | freshet.tabels is no setting",
        "freshet.sink | elastic | freshet.sink is 'elastic'; choose one of [http, lucene, pgvector]",
        "freshet.feed | kafka | freshet.feed is 'kafka'; choose one of [memory, rabbitmq]",
        "freshet.indexing.batch-size | zero | freshet.indexing.batch-size has a value that is no int",
        "freshet.indexing.batch-bytes | lots | freshet.indexing.batch-bytes has a value that is no long",
        "freshet.indexing.shutdown-timeout | 20 | write it with its unit",
        "freshet.source.url | postgresql://shop | freshet.source.url (FRESHET_SOURCE_URL) is no JDBC URL",
        "freshet.canary.interval | 1m | and the canary writes to the source: set freshet.source.url",
        "freshet.canary.table | canary | write it as public.freshet_canary",
        "freshet.source-epoch | first | freshet.source-epoch has a value that is no int",
      })
  void aSettingThatWouldNotCountEndsTheStart(String key, String value, String message) {
    assertThatThrownBy(() -> start(Map.of(key, value))).hasStackTraceContaining(message);
  }
}
