package dev.freshet.freshness;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedState;
import dev.freshet.feed.Loss;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.ledger.Watermark;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceNudge;
import dev.freshet.source.SourceOwnership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how fresh the index is, and lets callers wait for it. What the broker and the ledger would
 * have to be asked for is as of the last {@link #refresh}.
 */
public final class FreshnessMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(FreshnessMonitor.class);

  /** One that nobody has: only whether the index answers is of interest. */
  private static final DocumentId ANY_DOCUMENT =
      DocumentId.of(new TableId("freshet", "any"), "any");

  private final FeedState feed;
  private final DocumentLedger ledger;
  private final WatermarkTracker tracker;
  private final IndexingProgress progress;
  private final Waits waits;
  private final SourceNudge nudge;
  private final FormerMappings mappings;
  private final Losses losses;
  private final int epoch;
  private final Duration silence;
  private final Clock clock;
  private final Map<DocumentId, Integer> awaited = new ConcurrentHashMap<>();
  private final ReentrantLock asking = new ReentrantLock();
  private final Answering queue = new Answering();
  private final Answering index = new Answering();
  private volatile Optional<Backlog> backlog = Optional.empty();
  private volatile Optional<FailureCount> counted = Optional.empty();

  /**
   * How many documents had failed.
   *
   * @param faults how many messages of documents had been dead-lettered here before
   */
  private record FailureCount(long documents, long faults) {}

  /**
   * @param epoch counts how often the source started its LSN again
   * @param silence how long nothing may come before the source counts as silent
   */
  public FreshnessMonitor(
      FeedState feed,
      DocumentLedger ledger,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Waits waits,
      SourceNudge nudge,
      FormerMappings mappings,
      Losses losses,
      int epoch,
      Duration silence,
      Clock clock) {
    this.feed = feed;
    this.ledger = ledger;
    this.tracker = tracker;
    this.progress = progress;
    this.waits = waits;
    this.nudge = nudge;
    this.mappings = mappings;
    this.losses = losses;
    this.epoch = epoch;
    this.silence = silence;
    this.clock = clock;
  }

  /** Asks the broker and the ledger. */
  public void refresh() {
    refreshQueue();
    refreshIndex();
  }

  /**
   * Asks the broker, for all who tell what waits; to be called about once a second. One call at a
   * time asks, so that the newest answer stays.
   *
   * @return the answer, which {@link #backlog} has from now on
   */
  public Optional<Backlog> refreshQueue() {
    queue.asked(clock.instant());
    asking.lock();
    try {
      Optional<Backlog> answer = feed.backlog();
      backlog = answer;
      if (answer.isPresent()) {
        queue.answered();
      }
      return answer;
    } finally {
      asking.unlock();
    }
  }

  /** Asks the ledger; to be called about once a second, by one thread. */
  public void refreshIndex() {
    index.asked(clock.instant());
    try {
      losses.refresh();
      countFailures();
      // Another table than the failures': each of them can be locked by itself.
      ledger.read(Set.of(ANY_DOCUMENT), Set.of());
      progress.sources().owner(epoch);
      mappings.check();
      if (!tracker.published().exact()) {
        lookForOthersWork();
      }
      index.answered();
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say what failed: {}", e.getMessage());
    }
    tracker.renew();
  }

  private void countFailures() {
    long faults = progress.faults();
    counted = Optional.of(new FailureCount(ledger.failures().count(), faults));
  }

  /**
   * Those behind which the watermark stands are in it: what was dead-lettered since the last count
   * is taken for as many documents. It asks nobody, and so is told whatever is down.
   */
  private @Nullable Long failedDocuments() {
    long faults = progress.faults();
    return counted.map(known -> known.documents() + faults - known.faults()).orElse(null);
  }

  /** What waits on the feed, as of the last look; empty where it is not known. */
  public Optional<Backlog> backlog() {
    return queueSilentSince().isPresent() ? Optional.empty() : backlog;
  }

  /** Since when the feed has not said what waits, where that is long. */
  Optional<Instant> queueSilentSince() {
    return queue.silentSince(clock.instant());
  }

  /** Since when the index has not answered, where that is long. */
  Optional<Instant> indexSilentSince() {
    return index.silentSince(clock.instant());
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
    Optional<Backlog> waiting = backlog();
    var seen =
        new Observation(
            published,
            feed.status(),
            waiting.map(known -> known.waiting() + feed.held()).orElse(null),
            progress.lastHeard().orElse(null),
            silence,
            clock.instant());
    return new Freshness(
        published.known().map(Watermark::position).orElse(null),
        seen.asOfTime().orElse(null),
        published.exact(),
        seen.lag(),
        seen.pending(),
        waiting.map(Backlog::deadLetters).orElse(null),
        failedDocuments(),
        seen.silentSince(),
        Optional.ofNullable(seen.note()).or(progress.sources()::note).orElse(null));
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
   * Waits until the transaction's changes of the document, as far as they have come, are searchable
   * or were dead-lettered.
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
    CompletableFuture<Boolean> result =
        waits.await(() -> progress.hasAppliedAll(id, txId), timeout);
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

  /** Whether nobody waits for it because the service ends. */
  public boolean hasEnded() {
    return waits.isClosed();
  }

  /** Messages that left the feed without a trace, until they are {@link #forgetLosses mended}. */
  public Optional<Loss> losses() {
    return losses.known();
  }

  /**
   * What was lost has been sent again, or does not matter.
   *
   * @throws UnavailableException when the ledger does not answer now
   */
  public void forgetLosses() {
    losses.forget();
    tracker.renew();
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

  /** Which source the index belongs to, and which others sent something. */
  public SourceOwnership sources() {
    return progress.sources();
  }

  /** The tables of which documents may be as a former mapping made them. */
  public Set<TableId> formerMappings() {
    return mappings.tables();
  }

  /** Whether the source tells of changed keys. */
  public KeyCoverage keys() {
    return progress.keys();
  }

  /** The tables whose changes become no documents. */
  public IgnoredTables ignored() {
    return progress.ignored();
  }

  /** When a message came last, of whatever kind; empty when none did since the start. */
  public Optional<Instant> lastHeard() {
    return progress.lastHeard();
  }
}
