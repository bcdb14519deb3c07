package dev.freshet.freshness;

import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Delivery;
import dev.freshet.source.KeyCoverage;
import dev.freshet.source.SourceIdentity;
import dev.freshet.source.SourceOwnership;
import dev.freshet.source.SourceRestart;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the loop tells of its messages, from being taken to being settled. */
public final class IndexingProgress {

  private final WatermarkTracker tracker;
  private final SourceOwnership sources;
  private final KeyCoverage keys;
  private final Waits waits;
  private final Clock clock;
  private final SourceRestart restart = new SourceRestart();
  private final AppliedTransactions transactions = new AppliedTransactions();
  private final IgnoredTables ignored = new IgnoredTables();
  private final AtomicLong faults = new AtomicLong();
  private volatile @Nullable Instant lastHeard;
  private volatile @Nullable Instant lastHeartbeat;

  public IndexingProgress(
      WatermarkTracker tracker,
      SourceOwnership sources,
      KeyCoverage keys,
      Waits waits,
      Clock clock) {
    this.tracker = tracker;
    this.sources = sources;
    this.keys = keys;
    this.waits = waits;
    this.clock = clock;
  }

  /** To be called before the first message is taken, and then about once a second. */
  public void renew() {
    tracker.renew();
  }

  /** Messages were taken; each is to be settled, or comes again. */
  public void take(List<Delivery> deliveries) {
    if (!deliveries.isEmpty()) {
      tracker.take(deliveries, transactions::remove);
    }
  }

  /** Messages of the index's source were among those that were taken. */
  public void heard() {
    lastHeard = clock.instant();
  }

  /** Whether the source has started its LSN again. */
  public SourceRestart restart() {
    return restart;
  }

  /** Whose messages are. */
  public SourceOwnership sources() {
    return sources;
  }

  /** Whether the source tells of changed keys. */
  public KeyCoverage keys() {
    return keys;
  }

  /** The tables whose changes become no documents. */
  public IgnoredTables ignored() {
    return ignored;
  }

  /** Says what a message does that was taken. */
  public void read(Delivery delivery, DocumentChange change) {
    tracker.read(delivery, change);
  }

  /**
   * A message was dead-lettered.
   *
   * @param document what it is about; null where that is not known
   * @param txId its transaction; null where that is not known
   */
  public void settleFaulty(
      Delivery delivery,
      @Nullable DocumentId document,
      @Nullable Long txId,
      SourceProgress progress) {
    if (document != null && txId != null) {
      transactions.add(document, txId);
    }
    if (document != null) {
      faults.incrementAndGet();
    }
    tracker.settle(delivery, progress);
  }

  /**
   * A message's effect is durable, or it has none.
   *
   * @param change what it does to the index; null where that is nothing
   */
  public void settle(Delivery delivery, @Nullable DocumentChange change, SourceProgress progress) {
    if (change != null) {
      transactions.add(change, delivery.partition());
    }
    tracker.settle(delivery, progress);
  }

  /**
   * Tells what was settled; to be called before it is acknowledged.
   *
   * @throws dev.freshet.UnavailableException when the watermark cannot be saved now
   */
  public void publish() {
    tracker.publish();
    waits.signal();
  }

  /** A message came that comes again and again while the source is captured. */
  public void heartbeat() {
    lastHeartbeat = clock.instant();
  }

  /** What was taken and is not settled comes again. */
  public void giveBack() {
    tracker.giveBack(transactions::remove);
  }

  /** The source has started its LSN again: its positions say nothing until the epoch is raised. */
  public void sourceRestarted() {
    restart.seen(clock.instant());
    tracker.distrust(SourceIdentity.RESTARTED);
  }

  /** Nothing is taken any more. */
  public void end() {
    tracker.end();
  }

  /** When a message came last, of whatever kind; empty when none did since the start. */
  public Optional<Instant> lastHeard() {
    return Optional.ofNullable(lastHeard);
  }

  /** When a heartbeat came last; empty when none did since the start. */
  Optional<Instant> lastHeartbeat() {
    return Optional.ofNullable(lastHeartbeat);
  }

  /** How many messages of documents were dead-lettered, or left the feed unsettled. */
  long faults() {
    return faults.get() + tracker.failures();
  }

  /** What was settled is acknowledged: the feed holds it no longer. */
  public void acknowledged() {
    waits.signal();
  }

  /**
   * Whether the transaction's changes of the document were settled lately, the last one too: a
   * later transaction follows, or nothing that is in hand can be another of them.
   */
  boolean hasAppliedAll(DocumentId id, long txId) {
    // What comes again is forgotten before it is let go, so the last look sees that.
    return hasApplied(id, txId)
        && !tracker.holds(id, txId)
        && (transactions.isOver(id, txId) || !tracker.holdsUnread())
        && hasApplied(id, txId);
  }

  /** Whether one of the transaction's changes of the document was settled lately, or failed. */
  boolean hasApplied(DocumentId id, long txId) {
    return transactions.contains(id, txId) || tracker.hasFailed(id, txId);
  }

  /** Another instance has applied it. */
  void remember(DocumentId id, long txId) {
    transactions.add(id, txId);
  }
}
