package dev.freshet.capture;

import dev.freshet.document.TableMappings;
import dev.freshet.feed.ChangePublisher;
import dev.freshet.feed.ChangeRelay;
import dev.freshet.feed.DeliveryBuffer;
import dev.freshet.feed.RetainedLog;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.source.SourceConfiguration;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.reflect.ClassUtils;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;

/** Makes the feed that reads the source's log. */
@Factory
@Requires(property = "freshet.feed", value = "postgresql")
final class CaptureFactory {

  private static final String ENGINE = "io.debezium.engine.DebeziumEngine";

  @Singleton
  LedgerDeadLetters deadLetters(DocumentLedger ledger) {
    return new LedgerDeadLetters(ledger.deadLetters());
  }

  @Singleton
  CaptureAlarms alarms(
      CaptureFeed feed, CaptureConfiguration configuration, MeterRegistry registry, Clock clock) {
    Gauge.builder(
            "freshet.capture.retained",
            feed,
            it -> it.retained().map(log -> (double) log.bytes()).orElse(Double.NaN))
        .description("What the source keeps of its log for the slot; no number on standby")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("freshet.capture.retained.age", feed, it -> age(it, clock))
        .description("How old what the source keeps of its log for the slot may be")
        .baseUnit("seconds")
        .register(registry);
    return new CaptureAlarms(feed, configuration.retainedAlarm());
  }

  private static double age(CaptureFeed feed, Clock clock) {
    return feed.retained()
        .map(RetainedLog::settledUntil)
        .map(settled -> Duration.between(settled, clock.instant()).toMillis() / 1e3)
        .orElse(Double.NaN);
  }

  @Singleton
  ChangePublisher publisher() {
    return new DatabaseOnly();
  }

  @Singleton
  @Requires(property = "freshet.capture.publish", value = "none", defaultValue = "none")
  ChangeRelay noRelay() {
    return ChangeRelay.NONE;
  }

  @Context
  @Bean(preDestroy = "close")
  CaptureFeed feed(
      SourceConnectionConfiguration source,
      SourceConfiguration identity,
      SourceOwnership ownership,
      CaptureConfiguration configuration,
      LedgerDeadLetters deadLetters,
      DocumentLedger ledger,
      TableMappings mappings,
      ChangeRelay relay,
      Clock clock)
      throws SQLException {
    if (!ClassUtils.isPresent(ENGINE, null)) {
      throw new IllegalArgumentException(
          "this jar was built without Debezium's engine, which freshet.feed=postgresql needs;"
              + " use the ordinary one, or another feed");
    }
    if (source.url() == null) {
      throw new IllegalArgumentException(
          "freshet.feed=postgresql reads the log of the source database; set freshet.source.url"
              + " (FRESHET_SOURCE_URL) to jdbc:postgresql://host:5432/database");
    }
    var buffer = new DeliveryBuffer(configuration.window(), configuration.windowBytes(), clock);
    var notes =
        Bookkeeping.of(ledger, ownership, identity.sourceEpoch(), configuration.slot(), mappings);
    var reader = new CaptureLoop(source, configuration, notes, buffer, relay, clock);
    return new CaptureFeed(reader, buffer, deadLetters, relay);
  }
}
