package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.search.SearchEngine;
import dev.freshet.sink.IndexSink;
import dev.freshet.store.DocumentLedger;
import dev.freshet.support.InMemoryLedger;
import io.micronaut.context.ApplicationContext;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSinkConfigurationTest {

  @Test
  void theDefaultsAreThoseOfTheOldConsumer() {
    try (var context = context(Map.of())) {
      var configuration = context.getBean(HttpSinkConfiguration.class);

      assertThat(configuration)
          .isEqualTo(
              new HttpSinkConfiguration("http://localhost:8000", Duration.ofSeconds(30), 8, null));
      assertThat(configuration.form(mappings("public.products"))).isEqualTo(DocumentIdForm.KEY);
      assertThat(configuration.sharesKeys()).isFalse();
    }
  }

  @Test
  void everyKeyIsRead() {
    Map<String, Object> keys =
        Map.of(
            "freshet.http.url", "https://llama.example/api/",
            "freshet.http.timeout", "5s",
            "freshet.http.concurrency", "3",
            "freshet.http.document-id", "table-key");
    try (var context = context(keys)) {
      var configuration = context.getBean(HttpSinkConfiguration.class);

      assertThat(configuration.base()).isEqualTo(URI.create("https://llama.example/api"));
      assertThat(configuration.timeout()).isEqualTo(Duration.ofSeconds(5));
      assertThat(configuration.concurrency()).isEqualTo(3);
      assertThat(configuration.form(mappings("public.a", "public.b")))
          .isEqualTo(DocumentIdForm.TABLE_KEY);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "freshet.http.timeout,0s",
    "freshet.http.concurrency,0",
    "freshet.http.document-id,uuid",
    "freshet.http.url,ftp://host",
    "freshet.http.url,host:8000",
    "freshet.http.url,http://llama_index:8000",
    "freshet.http.url,http://host/?a=b",
  })
  void aBadValueIsRefusedWithItsKey(String key, String value) {
    try (var context = context(Map.of(key, value))) {
      assertThatThrownBy(() -> context.getBean(HttpSinkConfiguration.class))
          .hasStackTraceContaining(key);
    }
  }

  @Test
  void aPasswordInTheUrlIsNotShown() {
    assertThatThrownBy(
            () ->
                new HttpSinkConfiguration("http://ann:s3cret@a_b", Duration.ofSeconds(1), 1, null))
        .hasMessageContaining("LLAMA_SERVICE_URL")
        .hasMessageNotContaining("s3cret");
    assertThat(new HttpSinkConfiguration("http://ann:s3cret@host", Duration.ofSeconds(1), 1, null))
        .asString()
        .doesNotContain("s3cret");
  }

  @Test
  void aStartWithSeveralTablesWantsADecision() {
    try (var context = context(Map.of(), "public.products", "public.orders")) {
      assertThatThrownBy(() -> context.getBean(IndexSink.class))
          .hasStackTraceContaining("set freshet.http.document-id to table-key")
          .hasStackTraceContaining("or to key");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "table-key"})
  void aStartWithSeveralTablesAndADecisionSucceeds(String form) {
    Map<String, Object> keys = Map.of("freshet.http.document-id", form);
    try (var context = context(keys, "public.products", "public.orders")) {
      assertThat(context.getBean(IndexSink.class)).isInstanceOf(HttpIndexSink.class);
      assertThat(context.getBean(SearchEngine.class)).isInstanceOf(HttpSearchEngine.class);
    }
  }

  @Test
  void withAnotherSinkNothingOfThisIsThere() {
    try (var context = context(Map.of("freshet.sink", "lucene"), "public.products")) {
      assertThat(context.containsBean(HttpIndexSink.class)).isFalse();
      assertThat(context.containsBean(HttpSearchEngine.class)).isFalse();
      assertThat(context.containsBean(HttpSinkConfiguration.class)).isFalse();
    }
  }

  private static ApplicationContext context(Map<String, Object> keys, String... tables) {
    var properties =
        new HashMap<String, Object>(Map.of("freshet.sink", "http", "rabbitmq.enabled", false));
    properties.putAll(keys);
    ApplicationContext context =
        ApplicationContext.builder(properties)
            .singletons(mappings(tables), Clock.systemUTC())
            .start();
    context.registerSingleton(DocumentLedger.class, new InMemoryLedger());
    return context;
  }

  private static TableMappings mappings(String... tables) {
    var mappings = new HashMap<TableId, TableMapping>();
    for (String table : tables) {
      var id = TableId.parse(table);
      mappings.put(
          id, new TableMapping(id, List.of("id"), new ContentTemplate("{title}"), null, Set.of()));
    }
    return new TableMappings(mappings);
  }
}
