package dev.freshet.sink.http;

import dev.freshet.document.Renderings;
import dev.freshet.document.TableMappings;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.search.SearchEngine;
import dev.freshet.sink.IndexSink;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Provides the sink and the search engine where {@code freshet.sink} is {@code http}. */
@Factory
@Requires(property = "freshet.sink", value = "http")
final class HttpSinkFactory {

  @Singleton
  Breaker breaker(BreakerConfiguration configuration, MeterRegistry registry, Clock clock) {
    var breaker = new Breaker(configuration, clock);
    Gauge.builder("freshet.http.breaker.open", breaker, left -> left.isOpen() ? 1 : 0)
        .description("1 while no document is sent because calls keep failing, else 0")
        .register(registry);
    return breaker;
  }

  /** The service splits the texts, and does not say how. */
  @Singleton
  Renderings renderings() {
    return Renderings.UNSPLIT;
  }

  @Singleton
  LlamaIndexService service(HttpSinkConfiguration configuration, Breaker breaker, Clock clock) {
    return new LlamaIndexService(configuration.base(), configuration.timeout(), breaker, clock);
  }

  @Singleton
  @Bean(typed = IndexSink.class, preDestroy = "close")
  HttpIndexSink sink(
      LlamaIndexService service,
      DocumentLedger ledger,
      HttpSinkConfiguration configuration,
      TableMappings mappings,
      Clock clock) {
    return new HttpIndexSink(
        service,
        ledger,
        configuration.form(mappings),
        !configuration.sharesKeys(),
        configuration.concurrency(),
        clock);
  }

  @Singleton
  @Bean(typed = SearchEngine.class)
  HttpSearchEngine searchEngine(
      LlamaIndexService service,
      DocumentLedger ledger,
      HttpSinkConfiguration configuration,
      TableMappings mappings) {
    return new HttpSearchEngine(service, ledger, configuration.form(mappings), mappings);
  }
}
