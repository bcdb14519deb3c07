package dev.freshet.freshness;

import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.document.DocumentId;
import dev.freshet.ledger.DocumentLedger;
import dev.freshet.ledger.StoredDocument;
import dev.freshet.source.SourceNudge;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Lets callers wait until a commit, or a transaction's change of a document, is searchable. */
public final class CommitWaits {

  private final DocumentLedger ledger;
  private final WatermarkTracker tracker;
  private final IndexingProgress progress;
  private final Waits waits;
  private final SourceNudge nudge;
  private final int epoch;
  private final Map<DocumentId, Integer> awaited = new ConcurrentHashMap<>();

  /**
   * @param epoch counts how often the source started its LSN again
   */
  public CommitWaits(
      DocumentLedger ledger,
      WatermarkTracker tracker,
      IndexingProgress progress,
      Waits waits,
      SourceNudge nudge,
      int epoch) {
    this.ledger = ledger;
    this.tracker = tracker;
    this.progress = progress;
    this.waits = waits;
    this.nudge = nudge;
    this.epoch = epoch;
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
   * @throws dev.freshet.UnavailableException when the ledger does not answer now
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
   * Looks what others have applied: another instance says nothing of it.
   *
   * @throws dev.freshet.UnavailableException when the ledger does not answer now
   */
  public void refresh() {
    Set<DocumentId> ids = Set.copyOf(awaited.keySet());
    if (!ids.isEmpty() && !tracker.published().exact()) {
      ledger.read(ids, Set.of()).documents().values().forEach(this::remember);
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

  /** When the source was nudged last, where nothing has come from it since. */
  public Optional<Instant> unheardNudge() {
    return nudge
        .lastSent()
        .filter(sent -> progress.lastHeard().filter(heard -> !heard.isBefore(sent)).isEmpty());
  }

  /** Whether every wait has ended because the service ends. */
  public boolean hasEnded() {
    return waits.isClosed();
  }
}
