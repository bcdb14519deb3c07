package dev.freshet.freshness;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.store.DocumentLedger;
import dev.freshet.store.StoredDocument;
import dev.freshet.store.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how fresh the index is, and lets callers wait for it. What the broker and the ledger would
 * have to be asked for is as of the last {@link #refresh}.
 */
public final class FreshnessMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(FreshnessMonitor.class);

  private final ChangeFeed feed;
  private final DocumentLedger ledger;
  private final WatermarkTracker tracker;
  private final IndexingProgress progress;
  private final Waits waits;
  private final SourceNudge nudge;
  private final int epoch;
  private final Duration silence;
  private final Clock clock;
  private final Map<DocumentId, Integer> awaited = new ConcurrentHashMap<>();
  private volatile Optional<Backlog> backlog = Optional.empty();
  private volatile long failedDocuments;
  private volatile long countedFaults;

  /**
   * @param epoch counts how often the source started its LSN again
   * @param silence how long nothing may come before the source counts as silent
   */
  public FreshnessMonitor(
      ChangeFeed feed,
      DocumentLedger ledger,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Waits waits,
      SourceNudge nudge,
      int epoch,
      Duration silence,
      Clock clock) {
    this.feed = feed;
    this.ledger = ledger;
    this.tracker = tracker;
    this.progress = progress;
    this.waits = waits;
    this.nudge = nudge;
    this.epoch = epoch;
    this.silence = silence;
    this.clock = clock;
  }

  /** Asks the broker and the ledger; to be called about once a second, by one thread. */
  public void refresh() {
    backlog = feed.backlog();
    try {
      countFailures();
      if (!tracker.published().exact()) {
        lookForOthersWork();
      }
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say what failed: {}", e.getMessage());
    }
    tracker.renew();
  }

  private void countFailures() {
    long faults = progress.faults();
    failedDocuments = ledger.failures().count();
    countedFaults = faults;
  }

  /** Those behind which the watermark stands are counted, be they a moment old. */
  private long failedDocuments() {
    if (countedFaults != progress.faults()) {
      try {
        countFailures();
      } catch (UnavailableException e) {
        LOG.debug("The ledger does not say what failed: {}", e.getMessage());
      }
    }
    return failedDocuments;
  }

  /** Another instance says nothing of what it applies. */
  private void lookForOthersWork() {
    Set<DocumentId> ids = Set.copyOf(awaited.keySet());
    if (!ids.isEmpty()) {
      for (StoredDocument stored : ledger.read(ids, Set.of()).documents().values()) {
        remember(stored);
      }
      waits.signal();
    }
  }

  private void remember(StoredDocument stored) {
    Long txId = stored.state().origin().txId();
    // One that lacks values is remembered, and not searchable.
    if (txId != null && stored.state().missing().isEmpty()) {
      progress.remember(stored.state().id(), txId);
    }
  }

  /** How fresh the index is now. */
  public Freshness now() {
    PublishedWatermark published = tracker.published();
    var seen =
        new Observation(
            published,
            feed.status(),
            backlog.map(known -> known.waiting() + feed.held()).orElse(null),
            progress.lastHeard().orElse(null),
            silence,
            clock.instant());
    return new Freshness(
        published.known().map(Watermark::position).orElse(null),
        seen.asOfTime().orElse(null),
        published.exact(),
        seen.lag(),
        seen.pending(),
        backlog.map(Backlog::deadLetters).orElse(null),
        failedDocuments(),
        seen.silentSince(),
        seen.note());
  }

  /**
   * Waits until everything that was committed before the LSN is searchable, or known to have
   * failed.
   *
   * @return whether it is
   * @throws TooManyWaitersException when no more can wait
   */
  public CompletableFuture<Boolean> awaitCommit(Lsn lsn, Duration timeout)
      throws TooManyWaitersException {
    var place = new CommitPosition(epoch, lsn);
    CompletableFuture<Boolean> result =
        waits.await(() -> tracker.published().reaches(place), timeout);
    if (!result.isDone()) {
      nudge.nudge();
    }
    return result;
  }

  /**
   * Waits until the transaction's change of the document is searchable, or was dead-lettered.
   *
   * @return whether it is
   * @throws TooManyWaitersException when no more can wait
   * @throws UnavailableException when the ledger does not answer now
   */
  public CompletableFuture<Boolean> awaitTransaction(DocumentId id, long txId, Duration timeout)
      throws TooManyWaitersException {
    if (!progress.hasApplied(id, txId)) {
      // What was applied before the start, or by another instance, is seen in the index only.
      Optional.ofNullable(ledger.read(Set.of(id), Set.of()).documents().get(id))
          .ifPresent(this::remember);
    }
    CompletableFuture<Boolean> result = waits.await(() -> progress.hasApplied(id, txId), timeout);
    awaited.merge(id, 1, Integer::sum);
    return result.whenComplete((reached, fault) -> leave(id));
  }

  private void leave(DocumentId id) {
    awaited.computeIfPresent(id, (left, waiters) -> waiters == 1 ? null : waiters - 1);
  }

  /**
   * The newest change of the document among those that were taken and are not settled; a change of
   * its whole table counts.
   */
  public Optional<Origin> received(DocumentId id) {
    return tracker.changesInFlight().stream()
        .filter(change -> concerns(change, id))
        .map(DocumentChange::origin)
        .reduce((one, other) -> other.position().supersedes(one.position()) ? other : one);
  }

  private static boolean concerns(DocumentChange change, DocumentId id) {
    return change.document().map(id::equals).orElseGet(() -> change.table().equals(id.table()));
  }

  /** How many wait. */
  public int waiters() {
    return waits.count();
  }

  /** When the source was nudged last, where nothing has come from it since. */
  public Optional<Instant> unheardNudge() {
    return nudge
        .lastSent()
        .filter(sent -> lastHeard().filter(heard -> !heard.isBefore(sent)).isEmpty());
  }

  /** When a message came last, of whatever kind; empty when none did since the start. */
  public Optional<Instant> lastHeard() {
    return progress.lastHeard();
  }
}
