package dev.freshet.wiring;

import dev.freshet.UnavailableException;
import dev.freshet.ledger.ConcurrentUpdateException;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.LedgerUpdate;
import dev.freshet.ledger.PastWrite;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.source.SourceConfiguration;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets former versions and tombstones when no late event is to be feared any more. */
@Singleton
class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int PAGE = 200;

  private final DocumentLedger ledger;
  private final SourceConfiguration source;
  private final Clock clock;

  Retention(DocumentLedger ledger, SourceConfiguration source, Clock clock) {
    this.ledger = ledger;
    this.source = source;
    this.clock = clock;
  }

  @Scheduled(initialDelay = "1m", fixedDelay = "10m")
  void forget() {
    try {
      int versions = forgetVersions(clock.instant().minus(source.versionRetention()));
      int tombstones = ledger.forgetTombstones(clock.instant().minus(source.tombstoneRetention()));
      LOG.debug("Forgot {} tombstones, and the past of {} documents", tombstones, versions);
    } catch (UnavailableException e) {
      LOG.warn("Cannot forget former versions now, trying again later: {}", e.getMessage());
    }
  }

  private int forgetVersions(Instant indexedBefore) {
    int forgotten = 0;
    List<StoredDocument> page;
    do {
      page = ledger.withPast(indexedBefore, PAGE);
      List<PastWrite> writes =
          page.stream()
              .map(stored -> new PastWrite(stored.state().withoutPast(), stored.revision()))
              .toList();
      try {
        ledger.commit(LedgerUpdate.ofPasts(writes));
        forgotten += page.size();
      } catch (ConcurrentUpdateException e) {
        // One of them has just changed; the next time finds the others again.
        return forgotten;
      }
    } while (page.size() == PAGE);
    return forgotten;
  }
}
