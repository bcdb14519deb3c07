package dev.freshet.api;

import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.MessageReader;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.DeadLetters;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.index.EmbeddingSpace;
import dev.freshet.index.SegmentIndex;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.IndexingConfiguration;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.indexing.Signals;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.search.SearchEngine;
import dev.freshet.sink.IndexSink;
import dev.freshet.support.FakeIndex;
import dev.freshet.support.InMemoryDeadLetters;
import dev.freshet.support.InMemoryLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** Fakes of the ports, in the environment {@code fakes}. */
@Factory
@Requires(env = "fakes")
final class Fakes {

  @Singleton
  @Replaces(ChangeFeed.class)
  FakeFeed feed() {
    return new FakeFeed();
  }

  @Singleton
  @Replaces(DeadLetters.class)
  InMemoryDeadLetters deadLetters() {
    return new InMemoryDeadLetters();
  }

  @Singleton
  @Replaces(IndexSink.class)
  FakeSink sink() {
    return new FakeSink();
  }

  @Singleton
  @Replaces(DocumentLedger.class)
  FakeLedger ledger() {
    return new FakeLedger();
  }

  @Singleton
  @Replaces(SegmentIndex.class)
  FakeIndex index() {
    return new FakeIndex();
  }

  @Singleton
  @Replaces(SearchEngine.class)
  FakeSearchEngine searchEngine() {
    return new FakeSearchEngine();
  }

  @Singleton
  @Replaces(EmbeddingSpace.class)
  EmbeddingSpace embeddingSpace() {
    return new EmbeddingSpace("test-model", 384);
  }

  @Singleton
  @Replaces(ChangeEventDecoder.class)
  ChangeEventDecoder decoder() {
    return new ChangeEventDecoder(0, "__debezium_unavailable_value", table -> Map.of());
  }

  @Singleton
  @Bean(preDestroy = "close")
  @Replaces(IndexingLoop.class)
  IndexingLoop loop(
      ChangeFeed feed,
      ChangeEventDecoder decoder,
      IndexSink sink,
      IndexingProgress progress,
      IndexingConfiguration configuration,
      MeterRegistry registry) {
    var mapper = new DocumentMapper(new TableMappings(Map.of()));
    var reader = new MessageReader(decoder, mapper, configuration.sizeLimits());
    return new IndexingLoop(
        feed,
        reader,
        sink,
        new FailureRecorder(new InMemoryLedger().failures()),
        progress,
        configuration,
        Signals.of(registry),
        Clock.systemUTC());
  }
}
