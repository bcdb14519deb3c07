package dev.freshet.freshness;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.CommitPosition;
import dev.freshet.changeevent.Lsn;
import dev.freshet.changeevent.SourceProgress;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeFeed;
import dev.freshet.feed.Delivery;
import dev.freshet.store.Watermark;
import dev.freshet.store.WatermarkLedger;
import dev.freshet.store.WatermarkLedger.InstanceReport;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
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
  private final ChangeFeed feed;
  private final int epoch;
  private final Waits waits;
  private final Registration registration;

  /** Held while the ledger is asked, so that one report follows the other. */
  private final ReentrantLock reporting = new ReentrantLock();

  private final InFlight inFlight = new InFlight();
  private final SourceIdentity source = new SourceIdentity();
  private volatile PublishedWatermark published = PublishedWatermark.UNKNOWN;
  private boolean loaded;

  /**
   * @param epoch counts how often the source started its LSN again
   * @param waits whom a new watermark wakes
   */
  public WatermarkTracker(
      WatermarkLedger ledger, ChangeFeed feed, int epoch, Waits waits, Clock clock) {
    this.ledger = ledger;
    this.feed = feed;
    this.epoch = epoch;
    this.waits = waits;
    this.registration = new Registration(ledger, epoch, clock);
  }

  /** Messages were taken; each is to be settled, or comes again. */
  public void take(List<Delivery> deliveries) {
    Optional<Instant> aloneSince = feed.aloneSince();
    synchronized (this) {
      inFlight.drop(delivery -> !delivery.isLive());
      if (aloneSince.isEmpty()) {
        inFlight.doubt();
      }
      for (Delivery delivery : deliveries) {
        inFlight.take(delivery, aloneSince.filter(since -> isClean(delivery, since)).isPresent());
      }
    }
    if (aloneSince.isEmpty() && !deliveries.isEmpty()) {
      renew();
    }
  }

  /** What others held came back before that time, so it stands before what arrived later. */
  private static boolean isClean(Delivery delivery, Instant aloneSince) {
    return aloneSince.equals(Instant.MIN)
        || (!delivery.isRedelivered() && delivery.receivedAt().isAfter(aloneSince));
  }

  /** Says what a message does that was taken. */
  public synchronized void read(Delivery delivery, DocumentChange change) {
    inFlight.read(delivery, change);
  }

  /** A message's effect is durable, or it has none, or it was dead-lettered. */
  public synchronized void settle(Delivery delivery, SourceProgress progress) {
    inFlight.settle(delivery, progress);
    source.see(progress);
  }

  /** What was taken and is not settled comes again. */
  public synchronized void giveBack() {
    inFlight.drop(delivery -> true);
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
        publish(reached);
      }
    } finally {
      reporting.unlock();
    }
  }

  private synchronized Reached reached() {
    return inFlight.reached();
  }

  private boolean isNews(Reached reached) {
    return source.doubt() != null
        || !published.exact()
        || !published.known().equals(reached.watermark());
  }

  private void publish(Reached reached) {
    Optional<Watermark> watermark = reached.watermark();
    if (source.doubt() != null) {
      tell(published.watermark(), false, source.doubt());
    } else if (watermark.isPresent() && !raiseAlone(watermark.get())) {
      raiseWithOthers();
    }
  }

  /** Whether nobody else holds messages, so that the watermark is this instance's own. */
  private boolean raiseAlone(Watermark own) {
    if (!isAlone()) {
      return false;
    }
    Optional<Watermark> raised = ledger.raiseAlone(registration.instance(), own);
    if (raised.isEmpty()) {
      // Somebody is registered: one that has just begun to consume, or has ended without a word.
      feed.backlog();
      raised = isAlone() ? Optional.of(ledger.raise(own)) : Optional.empty();
    }
    raised.ifPresent(watermark -> tell(watermark, true, null));
    return raised.isPresent();
  }

  private boolean isAlone() {
    boolean alone = feed.aloneSince().isPresent();
    synchronized (this) {
      if (!alone) {
        inFlight.doubt();
      }
      return inFlight.isClean();
    }
  }

  /** The low-water mark of all who consume the queue. */
  private void raiseWithOthers() {
    Reached reached = reached();
    List<InstanceReport> reports = registration.report(reached, inFlight() > 0);
    if (reports.size() == 1) {
      tell(
          published.watermark(),
          false,
          "another consumer, which is not of this index, takes or took messages from the same"
              + " queue; the watermark rises again with the first new message after it is gone");
      return;
    }
    Lsn applied = LowWaterMark.of(reports);
    Watermark raised =
        applied == null
            ? published.watermark()
            : ledger.raise(new Watermark(new CommitPosition(epoch, applied), reached.commitTime()));
    tell(raised, false, null);
  }

  private void tell(@Nullable Watermark watermark, boolean exact, @Nullable String obstacle) {
    published = new PublishedWatermark(watermark, exact, obstacle, source.doubt() == null);
  }

  /**
   * Tells the other instances that this one lives, and learns from them. To be called now and then,
   * and before the first message is taken; while the ledger does not answer it does nothing.
   */
  public void renew() {
    reporting.lock();
    try {
      if (!loaded) {
        ledger.watermark(epoch).ifPresent(saved -> tell(saved, true, null));
        loaded = true;
      }
      if (feed.aloneSince().isPresent() && published.exact()) {
        if (registration.isDue()) {
          registration.report(reached(), inFlight() > 0);
        }
      } else {
        publish(reached());
      }
    } catch (UnavailableException e) {
      LOG.debug("The watermark cannot be renewed now: {}", e.getMessage());
    } finally {
      reporting.unlock();
    }
    waits.signal();
  }

  /** The others need not wait for this instance. */
  public void withdraw() {
    try {
      registration.withdraw();
    } catch (UnavailableException e) {
      LOG.debug("The instance's report stays until its time is up: {}", e.getMessage());
    }
  }

  /** The watermark as it may be told. */
  public PublishedWatermark published() {
    return published;
  }

  /** Messages that were taken and are not settled. */
  public synchronized int inFlight() {
    return inFlight.size();
  }

  /** What the messages in flight do, as far as they were read, in the order of the feed. */
  public synchronized List<DocumentChange> changesInFlight() {
    return inFlight.changes();
  }
}
