package dev.freshet.freshness;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.Origin;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.FeedState;
import dev.freshet.ledger.Watermark;
import dev.freshet.ledger.WatermarkLedger;
import dev.freshet.ledger.WatermarkLedger.InstanceReport;
import dev.freshet.source.SourceIdentity;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows messages from being taken to being settled, and raises the watermark. The loop tells it
 * of each message, in the order in which the feed handed them out.
 */
public final class WatermarkTracker {

  private static final Logger LOG = LoggerFactory.getLogger(WatermarkTracker.class);

  private final WatermarkLedger ledger;
  private final FeedState feed;
  private final int epoch;
  private final Departed departed;
  private final Waits waits;
  private final Registration registration;

  /** Held while the ledger is asked, so that one report follows the other. */
  private final ReentrantLock reporting = new ReentrantLock();

  private final Partitions inFlight;
  private final SourceIdentity source = new SourceIdentity();
  private volatile PublishedWatermark published = PublishedWatermark.UNKNOWN;
  private final AppliedTransactions failedTransactions = new AppliedTransactions();
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable String caveat;
  private boolean exclusive = true;
  private boolean loaded;
  private boolean ended;

  /**
   * @param departed remembers what left the feed without being settled
   * @param epoch counts how often the source started its LSN again
   * @param waits whom a new watermark wakes
   */
  public WatermarkTracker(
      WatermarkLedger ledger,
      FeedState feed,
      Departed departed,
      int epoch,
      Waits waits,
      Clock clock) {
    this.ledger = ledger;
    this.feed = feed;
    this.inFlight = new Partitions(feed);
    this.departed = departed;
    this.epoch = epoch;
    this.waits = waits;
    this.registration = new Registration(ledger, epoch, clock);
  }

  /**
   * Messages were taken; each is to be settled, or comes again.
   *
   * @param dropped gets the changes of those that were in hand and come again
   */
  void take(List<Delivery> deliveries, Consumer<DocumentChange> dropped) {
    boolean alone;
    synchronized (this) {
      inFlight.lookWhoElseConsumes();
      inFlight.drop(delivery -> !delivery.isLive(), dropped);
      alone = inFlight.take(deliveries);
    }
    if (!alone) {
      renew();
    }
  }

  /** Says what a message does that was taken. */
  public synchronized void read(Delivery delivery, DocumentChange change) {
    inFlight.read(delivery, change);
  }

  /** A message's effect is durable, or it has none, or it was dead-lettered. */
  public synchronized void settle(Delivery delivery, SourceProgress progress) {
    source.see(progress, published.watermark());
    inFlight.settle(delivery, progress.ofEpoch(epoch));
  }

  /**
   * What was taken and is not settled comes again.
   *
   * @param dropped gets their changes
   */
  synchronized void giveBack(Consumer<DocumentChange> dropped) {
    inFlight.drop(delivery -> true, dropped);
  }

  /** Positions of the source cannot be compared with those that were applied. */
  public void distrust(String why) {
    source.doubt(why);
  }

  /**
   * Saves the watermark where it has risen, and then tells it.
   *
   * @throws UnavailableException when it cannot be saved now; then nothing is told
   */
  public void publish() {
    reporting.lock();
    try {
      Reached reached = reached();
      if (isNews(reached)) {
        publish(reached, account());
      }
    } finally {
      reporting.unlock();
    }
  }

  private boolean isNews(Reached reached) {
    return source.doubt() != null || !published.exact() || reached.exceeds(published.watermark());
  }

  /**
   * Tells what was reached.
   *
   * @param open why not all is known that left before that was asked for, which is after what was
   *     reached was reached
   */
  private void publish(Reached reached, @Nullable String open) {
    if (source.doubt() != null) {
      tell(published.watermark(), false, source.doubt());
    } else if (open != null) {
      hold(open);
    } else if (!isAlone() || !raiseAlone(reached)) {
      raiseWithOthers(reached);
    }
  }

  /** Why the watermark must not rise now, for what left the feed unsettled; null where it may. */
  private @Nullable String account() {
    Departed.Standing standing = departed.account();
    for (Departed.Failed failed : standing.failures()) {
      failures.incrementAndGet();
      if (failed.txId() != null) {
        failedTransactions.add(failed.document(), failed.txId());
      }
    }
    caveat = standing.caveat();
    return standing.open();
  }

  /** Whether nobody else consumes, and what others held has come again. */
  private synchronized boolean isAlone() {
    inFlight.lookWhoElseConsumes();
    return inFlight.isAlone();
  }

  /** In vain while another instance is registered, which may hold what it does not consume. */
  private boolean raiseAlone(Reached reached) {
    Optional<Watermark> raised =
        reached.watermark().flatMap(own -> ledger.raiseAlone(registration.instance(), own));
    raised.ifPresent(watermark -> tell(watermark, true, null));
    return raised.isPresent();
  }

  /** The low-water mark of all who consume the queue. */
  private void raiseWithOthers(Reached reached) {
    List<InstanceReport> others = registration.report(reached, isBusy());
    boolean alone = isAlone();
    if (others.stream().noneMatch(InstanceReport::inFlight) && alone) {
      reached.watermark().ifPresent(own -> tell(ledger.raise(own), true, null));
    } else if (!others.isEmpty()) {
      tell(
          raise(LowWaterMark.of(registration.with(others, reached, isBusy())), reached),
          false,
          null);
    } else if (feed.status().connected() && !inFlight.consumesAlone()) {
      tell(published.watermark(), false, inFlight.stranger());
    } else {
      tell(published.watermark(), exclusive, null);
    }
  }

  private @Nullable Watermark raise(@Nullable Lsn applied, Reached reached) {
    return applied == null
        ? ledger.watermark(epoch).orElse(published.watermark())
        : ledger.raise(new Watermark(new CommitPosition(epoch, applied), reached.commitTime()));
  }

  /** What was received and not taken counts too. */
  private boolean isBusy() {
    return inFlight() > 0 || feed.held() > 0;
  }

  /**
   * Tells the watermark.
   *
   * @param alone whether nobody else can hold messages of the queue
   */
  private void tell(@Nullable Watermark watermark, boolean alone, @Nullable String obstacle) {
    exclusive = alone;
    published =
        new PublishedWatermark(
            watermark,
            alone && caveat == null,
            Optional.ofNullable(obstacle)
                .or(() -> Optional.ofNullable(caveat))
                .or(this::unknown)
                .orElse(null),
            source.doubt() == null);
  }

  private synchronized Optional<String> unknown() {
    return inFlight.unknown();
  }

  /** A lost connection is told elsewhere, and nothing can be asked for without one. */
  private void hold(String open) {
    if (feed.status().connected()) {
      published = new PublishedWatermark(published.watermark(), false, open, true);
    }
  }

  /**
   * Tells the other instances that this one lives, and learns from them. To be called now and then,
   * and before the first message is taken; while the ledger does not answer it does nothing.
   */
  public void renew() {
    reporting.lock();
    try {
      if (ended) {
        return;
      }
      Reached reached = reached();
      String open = account();
      if (!loaded) {
        ledger.watermark(epoch).ifPresent(saved -> tell(saved, true, null));
        loaded = true;
      }
      if (isSettled(open)) {
        if (registration.isDue()) {
          // Whoever comes waits until this instance says what it really holds.
          registration.report(reached, true);
        }
      } else {
        publish(reached, open);
      }
    } catch (UnavailableException e) {
      LOG.debug("The watermark cannot be renewed now: {}", e.getMessage());
    } finally {
      reporting.unlock();
    }
    waits.signal();
  }

  /** Whether there is nothing to tell but that this instance lives. */
  private boolean isSettled(@Nullable String open) {
    return inFlight.consumesAlone()
        && published.exact()
        && open == null
        && caveat == null
        && Objects.equals(published.obstacle(), unknown().orElse(null));
  }

  /**
   * The others need not wait for this instance any more, unless it holds messages that come back
   * only later: its report then counts until its time is up.
   */
  public void end() {
    reporting.lock();
    try {
      ended = true;
      if (isBusy()) {
        registration.report(reached(), true);
      } else {
        registration.withdraw();
      }
    } catch (UnavailableException e) {
      LOG.debug("The instance's report stays until its time is up: {}", e.getMessage());
    } finally {
      reporting.unlock();
    }
  }

  /** The watermark as it may be told. */
  public PublishedWatermark published() {
    return published;
  }

  /** Why the watermark may be wrong about messages that left the feed; empty while it is not. */
  Optional<String> caveat() {
    return Optional.ofNullable(caveat);
  }

  /** How many changes were remembered that left the feed unsettled. */
  long failures() {
    return failures.get();
  }

  /** Whether the transaction's change of the document left the feed unsettled. */
  boolean hasFailed(DocumentId id, long txId) {
    return failedTransactions.contains(id, txId);
  }

  private synchronized int inFlight() {
    return inFlight.size();
  }

  private synchronized Reached reached() {
    return inFlight.reached();
  }

  /** Whether a change of the document, or its table, by the transaction is taken and open. */
  synchronized boolean holds(DocumentId id, long txId) {
    return originsInFlight(id).anyMatch(origin -> Objects.equals(origin.txId(), txId));
  }

  /** Whether the feed has messages here of which nobody knows yet what they do. */
  synchronized boolean holdsUnread() {
    return feed.held() > inFlight.changes().size();
  }

  /**
   * The newest change of the document among those that were taken and are not settled, as far as
   * they were read; a change of its whole table counts.
   */
  public synchronized Optional<Origin> received(DocumentId id) {
    return originsInFlight(id)
        .reduce((one, other) -> other.position().supersedes(one.position()) ? other : one);
  }

  private Stream<Origin> originsInFlight(DocumentId id) {
    return inFlight.changes().stream()
        .filter(
            change ->
                change
                    .document()
                    .map(id::equals)
                    .orElseGet(() -> id.table().equals(change.table())))
        .map(DocumentChange::origin);
  }
}
