package dev.freshet.ledger;

import dev.freshet.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets former versions and tombstones once no late event for them can come. */
public final class Retention {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int PAGE = 200;

  private final DocumentLedger ledger;
  private final Duration versions;
  private final Duration tombstones;
  private final Clock clock;

  /**
   * @param versions how long a former version is remembered
   * @param tombstones how long a deletion is remembered
   */
  public Retention(DocumentLedger ledger, Duration versions, Duration tombstones, Clock clock) {
    this.ledger = ledger;
    this.versions = versions;
    this.tombstones = tombstones;
    this.clock = clock;
  }

  /** To be called now and then; while the ledger does not answer it does nothing. */
  public void forget() {
    try {
      int documents = forgetVersions(clock.instant().minus(versions));
      int deletions = ledger.forgetTombstones(clock.instant().minus(tombstones));
      LOG.debug("Forgot {} tombstones, and the past of {} documents", deletions, documents);
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
