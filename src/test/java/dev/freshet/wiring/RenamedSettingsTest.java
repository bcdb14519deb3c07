package dev.freshet.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.MisconfiguredException;
import dev.freshet.support.CapturedLog;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.MapPropertySource;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenamedSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "freshet.sink, pgvector, local, pgvector",
    "freshet.sink, lucene, local, lucene",
    "freshet.sink, local, local, pgvector",
    "freshet.sink, http, http, lucene",
    "freshet.store, lucene, local, lucene",
    "freshet.store, pgvector, local, pgvector",
    "freshet.feed, memory, local, pgvector",
  })
  void aStoresNameAsTheSinkIsTheLocalSinkOverThatStore(
      String key, String value, String sink, String store) {
    Environment environment = environment(Map.of(key, value));

    assertThat(environment.getProperty("freshet.sink", String.class)).contains(sink);
    assertThat(environment.getProperty("freshet.store", String.class)).contains(store);
  }

  @Test
  void theFormerKeysOfTheLlamaIndexServiceCount() {
    Environment environment =
        environment(
            Map.of(
                "freshet.http.url", "http://llama:8000",
                "freshet.http.document-id", "table-key",
                "freshet.http.breaker.trials", "3"));

    assertThat(environment.getProperty("freshet.llama.url", String.class))
        .contains("http://llama:8000");
    assertThat(environment.getProperty("freshet.llama.document-id", String.class))
        .contains("table-key");
    assertThat(environment.getProperty("freshet.llama.breaker.trials", int.class)).contains(3);
  }

  @Test
  void aFormerVariableCounts() {
    Environment environment =
        environment(variables(Map.of("FRESHET_HTTP_TIMEOUT", "7s", "FRESHET_SINK", "lucene")));

    assertThat(environment.getProperty("freshet.llama.timeout", String.class)).contains("7s");
    assertThat(environment.getProperty("freshet.store", String.class)).contains("lucene");
  }

  @Test
  void aFormerNameIsTold() {
    try (var log = CapturedLog.open()) {
      environment(Map.of("freshet.http.timeout", "5s", "freshet.sink", "lucene"));

      assertThat(log.toString())
          .contains("freshet.http.timeout is now named freshet.llama.timeout")
          .contains("freshet.sink=lucene is now written as freshet.store=lucene");
    }
  }

  @Test
  void aFormerVariableIsToldWithItsPresentVariable() {
    try (var log = CapturedLog.open()) {
      environment(variables(Map.of("FRESHET_HTTP_TIMEOUT", "7s", "FRESHET_SINK", "lucene")));

      assertThat(log.toString())
          .contains("FRESHET_HTTP_TIMEOUT is now named FRESHET_LLAMA_TIMEOUT")
          .contains("FRESHET_SINK=lucene is now written as FRESHET_STORE=lucene")
          .doesNotContain("freshet.llama", "freshet.store");
    }
  }

  @Test
  void variablesThatDisagreeAreNamedAsTheyWereGiven() {
    assertThatThrownBy(
            () ->
                environment(
                    variables(Map.of("FRESHET_SINK", "pgvector", "FRESHET_STORE", "lucene"))))
        .hasMessage(
            "FRESHET_SINK is 'pgvector' and FRESHET_STORE is 'lucene': remove FRESHET_SINK");
  }

  private static PropertySource variables(Map<String, Object> variables) {
    return new MapPropertySource("variables", variables) {
      @Override
      public PropertyConvention getConvention() {
        return PropertyConvention.ENVIRONMENT_VARIABLE;
      }
    };
  }

  @Test
  void aFormerNameTakesPrecedenceOverTheShippedFiles() {
    ApplicationContext context =
        ApplicationContext.builder("embedded")
            .properties(Map.of("freshet.sink", "pgvector"))
            .build();
    context.getEnvironment().start();

    new RenamedSettings().configure(context);

    assertThat(context.getEnvironment().getProperty("freshet.store", String.class))
        .contains("pgvector");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "freshet.sink | pgvector | freshet.store | lucene | freshet.sink is 'pgvector' and freshet.store is 'lucene': remove freshet.sink",
        "freshet.sink | http | freshet.store | pgvector | freshet.store is 'pgvector'; with freshet.sink=http use lucene, or leave it out",
        "freshet.http.timeout | 5s | freshet.llama.timeout | 6s | freshet.http.timeout is the former name of freshet.llama.timeout: remove freshet.http.timeout",
      })
  void twoNamesThatDisagreeEndTheStart(
      String key, String value, String other, String otherValue, String message) {
    assertThatThrownBy(() -> environment(Map.of(key, value, other, otherValue)))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessage(message);
  }

  private static Environment environment(Map<String, Object> settings) {
    return environment(PropertySource.of("test", settings));
  }

  /** As beans find it; none is made. */
  private static Environment environment(PropertySource settings) {
    ApplicationContext context = ApplicationContext.builder().propertySources(settings).build();
    context.getEnvironment().start();
    new RenamedSettings().configure(context);
    return context.getEnvironment();
  }
}
