package dev.freshet.capture;

import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.source.SourceConfiguration;
import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;

/** Makes the feed that reads the source's log. */
@Factory
@Requires(property = "freshet.feed", value = "postgresql")
final class CaptureFactory {

  @Singleton
  LedgerDeadLetters deadLetters(DocumentLedger ledger) {
    return new LedgerDeadLetters(ledger.deadLetters());
  }

  @Singleton
  CaptureAlarms alarms(
      CaptureFeed feed, CaptureConfiguration configuration, MeterRegistry registry) {
    Gauge.builder(
            "freshet.capture.retained",
            feed,
            it -> it.retained().map(log -> (double) log.bytes()).orElse(Double.NaN))
        .description("What the source keeps of its log for the slot; no number on standby")
        .baseUnit("bytes")
        .register(registry);
    return new CaptureAlarms(feed, configuration.retainedAlarm());
  }

  @Singleton
  ChangePublisher publisher() {
    return new DatabaseOnly();
  }

  @Context
  @Bean(preDestroy = "close")
  CaptureFeed feed(
      SourceConnectionConfiguration source,
      SourceConfiguration identity,
      CaptureConfiguration configuration,
      LedgerDeadLetters deadLetters,
      DocumentLedger ledger,
      TableMappings mappings,
      Clock clock)
      throws SQLException {
    if (source.url() == null) {
      throw new IllegalArgumentException(
          "freshet.feed=postgresql reads the log of the source database; set freshet.source.url"
              + " (FRESHET_SOURCE_URL) to jdbc:postgresql://host:5432/database");
    }
    var buffer = new DeliveryBuffer(configuration.window(), configuration.windowBytes(), clock);
    var notes = Bookkeeping.of(ledger, identity.sourceEpoch(), configuration.slot(), mappings);
    var reader = new CaptureLoop(source, configuration, notes, buffer, clock);
    return new CaptureFeed(reader, buffer, deadLetters);
  }
}
