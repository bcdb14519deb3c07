package dev.freshet.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.changeevent.TableId;
import dev.freshet.document.ContentTemplate;
import dev.freshet.document.TableMapping;
import dev.freshet.document.TableMappings;
import dev.freshet.search.SearchEngine;
import dev.freshet.sink.IndexSink;
import dev.freshet.support.InMemoryLedger;
import io.micronaut.context.ApplicationContext;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            "freshet.llama.url", "https://llama.example/api/",
            "freshet.llama.timeout", "5s",
            "freshet.llama.concurrency", "3",
            "freshet.llama.document-id", "table-key");
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
    "freshet.llama.timeout,0s",
    "freshet.llama.concurrency,0",
    "freshet.llama.document-id,uuid",
    "freshet.llama.url,ftp://host",
    "freshet.llama.url,host:8000",
    "freshet.llama.url,http://llama_index:8000",
    "freshet.llama.url,http://host/?a=b",
  })
  void aBadValueIsRefusedWithItsKey(String key, String value) {
    assertThatThrownBy(() -> context(Map.of(key, value)).close()).hasStackTraceContaining(key);
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
    assertThatThrownBy(() -> start(null, "public.products", "public.orders"))
        .hasMessageContaining("set freshet.llama.document-id to table-key")
        .hasMessageContaining("or to key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "table-key"})
  void aStartWithSeveralTablesAndADecisionSucceeds(String form) {
    assertThatCode(() -> start(form, "public.products", "public.orders"))
        .doesNotThrowAnyException();
  }

  @Test
  void aStartWithOneTableOrNoneNeedsNoDecision() {
    assertThatCode(() -> start(null, "public.products")).doesNotThrowAnyException();
    assertThatCode(() -> start(null)).doesNotThrowAnyException();
  }

  @Test
  void theSinkAndTheSearchAreThereForHttpOnly() {
    try (var http = context(Map.of());
        var lucene = context(Map.of("freshet.sink", "lucene"))) {
      assertThat(http.containsBean(IndexSink.class)).isTrue();
      assertThat(http.containsBean(SearchEngine.class)).isTrue();
      assertThat(lucene.containsBean(HttpSinkFactory.class)).isFalse();
      assertThat(lucene.containsBean(HttpSinkConfiguration.class)).isFalse();
    }
  }

  private static void start(@Nullable String documentId, String... tables) {
    var factory = new HttpSinkFactory();
    var configuration =
        new HttpSinkConfiguration("http://localhost:8000", Duration.ofSeconds(1), 1, documentId);
    var breaker =
        new Breaker(new BreakerConfiguration(1, Duration.ofSeconds(1), 1), Clock.systemUTC());
    LlamaIndexService service = factory.service(configuration, breaker, Clock.systemUTC());
    factory
        .sink(service, new InMemoryLedger(), configuration, mappings(tables), Clock.systemUTC())
        .close();
    factory.searchEngine(service, new InMemoryLedger(), configuration, mappings(tables));
  }

  private static ApplicationContext context(Map<String, Object> keys) {
    var properties =
        new HashMap<String, Object>(
            Map.of("freshet.sink", "http", "freshet.feed", "memory", "rabbitmq.enabled", false));
    properties.putAll(keys);
    return ApplicationContext.run(properties);
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
