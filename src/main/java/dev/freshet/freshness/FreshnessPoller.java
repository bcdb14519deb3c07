package dev.freshet.freshness;

import dev.freshet.UnavailableException;
import dev.freshet.changeevent.TableId;
import dev.freshet.document.DocumentId;
import dev.freshet.feed.Backlog;
import dev.freshet.feed.FeedPhase;
import dev.freshet.feed.FeedState;
import dev.freshet.ledger.DocumentLedger;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the feed and the ledger about once a second, for all who tell how fresh the index is. What
 * it answers is as of the last look.
 */
public final class FreshnessPoller {

  private static final Logger LOG = LoggerFactory.getLogger(FreshnessPoller.class);

  /** One that nobody has: only whether the index answers is of interest. */
  private static final DocumentId ANY_DOCUMENT =
      DocumentId.of(new TableId("freshet", "any"), "any");

  private final FeedState feed;
  private final DocumentLedger ledger;
  private final IndexingProgress progress;
  private final List<Runnable> questions;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();
  private final Answering queue = new Answering();
  private final Answering index = new Answering();
  private volatile Optional<Backlog> backlog = Optional.empty();
  private volatile Optional<Instant> lastEmptyAt = Optional.empty();
  private volatile Optional<FailureCount> counted = Optional.empty();

  /**
   * How many documents had failed.
   *
   * @param faults how many messages of documents had been dead-lettered here before
   */
  private record FailureCount(long documents, long faults) {}

  /**
   * @param questions what else to ask the ledger; each throws {@link UnavailableException} while it
   *     does not answer
   */
  public FreshnessPoller(
      FeedState feed,
      DocumentLedger ledger,
      IndexingProgress progress,
      List<Runnable> questions,
      Clock clock) {
    this.feed = feed;
    this.ledger = ledger;
    this.progress = progress;
    this.questions = List.copyOf(questions);
    this.clock = clock;
  }

  /** Asks the feed and the ledger. */
  public void refresh() {
    refreshQueue();
    refreshIndex();
  }

  /**
   * Asks the feed. One call at a time asks, so that the newest answer stays.
   *
   * @return the answer, which {@link #backlog} has from now on
   */
  public Optional<Backlog> refreshQueue() {
    queue.asked(clock.instant());
    asking.lock();
    try {
      Instant before = clock.instant();
      Optional<Backlog> answer = feed.backlog();
      if (answer
          .filter(known -> known.possibleChanges() + feed.heldPossibleChanges() == 0)
          .isPresent()) {
        lastEmptyAt = Optional.of(before);
      }
      backlog = answer;
      // One that is not expected to know is not silent for it when it follows.
      if (answer.isPresent() || feed.phase() != FeedPhase.FOLLOWS) {
        queue.answered();
      }
      return answer;
    } finally {
      asking.unlock();
    }
  }

  /** Asks the ledger; to be called by one thread. */
  public void refreshIndex() {
    index.asked(clock.instant());
    try {
      long faults = progress.faults();
      counted = Optional.of(new FailureCount(ledger.failures().count(), faults));
      // Another table than the failures': each of them can be locked by itself.
      ledger.read(Set.of(ANY_DOCUMENT), Set.of());
      questions.forEach(Runnable::run);
      index.answered();
    } catch (UnavailableException e) {
      LOG.debug("The ledger does not say what failed: {}", e.getMessage());
    }
    progress.renew();
  }

  /**
   * Those behind which the watermark stands are in it: what was dead-lettered since the last count
   * is taken for as many documents. It asks nobody, and so is told whatever is down.
   */
  @Nullable Long failedDocuments() {
    long faults = progress.faults();
    return counted.map(known -> known.documents() + faults - known.faults()).orElse(null);
  }

  /** What waits on the feed; empty where it is not known. */
  public Optional<Backlog> backlog() {
    return queueSilentSince().isPresent() ? Optional.empty() : backlog;
  }

  /** When no change was seen to wait last: what waits now has not waited for longer. */
  public Optional<Instant> lastEmptyAt() {
    return lastEmptyAt;
  }

  /** Since when the feed has not said what waits, where that is long. */
  Optional<Instant> queueSilentSince() {
    return queue.silentSince(clock.instant());
  }

  /** Since when the index has not answered, where that is long. */
  Optional<Instant> indexSilentSince() {
    return index.silentSince(clock.instant());
  }
}
