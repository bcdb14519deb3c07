package dev.freshet.wiring;

import dev.freshet.UnavailableException;
import dev.freshet.store.DocumentLedger;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets tombstones when no late update is to be feared any more. */
@Singleton
class TombstoneRetention {

  private static final Logger LOG = LoggerFactory.getLogger(TombstoneRetention.class);

  private final DocumentLedger ledger;
  private final SourceConfiguration source;
  private final Clock clock;

  TombstoneRetention(DocumentLedger ledger, SourceConfiguration source, Clock clock) {
    this.ledger = ledger;
    this.source = source;
    this.clock = clock;
  }

  @Scheduled(initialDelay = "1m", fixedDelay = "1h")
  void forget() {
    Duration retention = source.tombstoneRetention();
    try {
      int forgotten = ledger.forgetTombstones(clock.instant().minus(retention));
      LOG.debug("Forgot {} tombstones older than {}", forgotten, retention);
    } catch (UnavailableException e) {
      LOG.warn("Cannot forget old tombstones now, trying again in an hour: {}", e.getMessage());
    }
  }
}
