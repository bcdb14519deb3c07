package dev.freshet.wiring;

import ch.qos.logback.classic.LoggerContext;
import dev.freshet.changeevent.ChangeEventDecoder;
import dev.freshet.document.DocumentMapper;
import dev.freshet.document.LegibleText;
import dev.freshet.document.MessageReader;
import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.freshness.IndexingProgress;
import dev.freshet.freshness.LagHistory;
import dev.freshet.freshness.RecentChanges;
import dev.freshet.indexing.FailureRecorder;
import dev.freshet.indexing.IndexingConfiguration;
import dev.freshet.indexing.IndexingLoop;
import dev.freshet.indexing.Signals;
import dev.freshet.indexing.Tracing;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.logging.LogLevels;
import dev.freshet.sink.ExclusiveSink;
import dev.freshet.source.SourceConfiguration;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.micronaut.core.naming.conventions.StringConvention;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** The parts between the feed and the sink. */
@Factory
final class CoreFactory {

  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Singleton
  LogLevels logLevels() {
    return new LogLevels((LoggerContext) LoggerFactory.getILoggerFactory());
  }

  @Singleton
  ConfiguredTables configuredTables(Environment environment) {
    return ConfiguredTables.parse(
        environment.getProperties("freshet.tables", StringConvention.RAW));
  }

  @Singleton
  TableMappings tableMappings(ConfiguredTables tables, MeterRegistry registry) {
    var mappings = new TableMappings(tables.mappings(), tables.patterns());
    FunctionCounter.builder("freshet.text.left.out", mappings, any -> LegibleText.leftOut())
        .description("Characters of data URIs and unbroken runs that were left out of texts")
        .baseUnit("characters")
        .register(registry);
    return mappings;
  }

  @Singleton
  DocumentMapper documentMapper(TableMappings mappings) {
    return new DocumentMapper(mappings);
  }

  @Singleton
  ChangeEventDecoder changeEventDecoder(
      SourceConfiguration source, ConfiguredTables tables, TableMappings mappings) {
    return new ChangeEventDecoder(
        source.sourceEpoch(),
        source.unavailableValue(),
        table -> tables.columnTypes().getOrDefault(mappings.documentTable(table), Map.of()));
  }

  @Singleton
  MessageReader messageReader(
      ChangeEventDecoder decoder, DocumentMapper mapper, IndexingConfiguration configuration) {
    return new MessageReader(decoder, mapper, configuration.sizeLimits());
  }

  @Singleton
  LagHistory lagHistory(Clock clock) {
    return new LagHistory(clock);
  }

  @Singleton
  RecentChanges recentChanges() {
    return new RecentChanges();
  }

  @Singleton
  Signals signals(
      MeterRegistry registry, Tracing tracing, LagHistory history, RecentChanges recent) {
    return new Signals(registry, tracing, history, recent);
  }

  @Singleton
  @Bean(preDestroy = "close")
  IndexingLoop indexingLoop(
      ChangeFeed feed,
      MessageReader reader,
      ExclusiveSink sink,
      DocumentLedger ledger,
      IndexingProgress progress,
      IndexingConfiguration configuration,
      Signals signals,
      Clock clock) {
    var failures = new FailureRecorder(ledger.failures());
    return new IndexingLoop(feed, reader, sink, failures, progress, configuration, signals, clock);
  }
}
