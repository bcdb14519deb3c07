package dev.freshet.wiring;

import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.Retention;
import dev.freshet.source.SourceConfiguration;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Says when the ledger forgets. */
@Singleton
class RetentionSchedule {

  private final Retention retention;

  RetentionSchedule(DocumentLedger ledger, SourceConfiguration source, Clock clock) {
    this.retention =
        new Retention(ledger, source.versionRetention(), source.tombstoneRetention(), clock);
  }

  @Scheduled(initialDelay = "1m", fixedDelay = "10m")
  void forget() {
    retention.forget();
  }
}
