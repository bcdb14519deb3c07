package dev.freshet.feed.rabbitmq;

import dev.freshet.feed.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what waits in the queue between two looks. While nobody else consumes, a message leaves
 * the queue by being delivered here, or by the broker's own hand; so at least as many must wait as
 * waited before and came back, less those that were delivered. What is missing has left unsettled:
 * its dead letter tells what it was, or nothing does. Messages that are published meanwhile hide
 * what is missing, so what this finds is a lower bound.
 *
 * <p>Counts that change while the broker is asked are taken as is better for the broker.
 */
final class Conservation {

  /** How long a dead letter may take from one queue to the other. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String MEND = "; take a snapshot of the tables";

  private final String queue;
  private long delivered;
  private long givenBack;
  private long letters;
  private @Nullable Look last;
  private long missing;
  private Instant missingSince = Instant.MIN;
  private final List<Loss> losses = new ArrayList<>();

  /** What waited at a look, and the counts of then. */
  private record Look(long ready, long delivered, long givenBack, long letters) {}

  /** The counts before the broker was asked. */
  record Cut(long delivered, long givenBack, long letters) {}

  Conservation(String queue) {
    this.queue = queue;
  }

  /** Nothing can be compared with what was seen before. */
  synchronized void restart() {
    last = null;
  }

  synchronized void delivered() {
    delivered++;
  }

  /** Another consumer had taken a message and gave it back. */
  synchronized void cameBack() {
    missing = Math.max(0, missing - 1);
  }

  /** So many messages go back to the queue; to be said before they do. */
  synchronized void givenBack(int count) {
    givenBack += count;
  }

  /** A dead letter tells of a message that left this queue. */
  synchronized void letter() {
    if (missing > 0) {
      missing--;
    } else {
      letters++;
    }
  }

  /** To be called before the broker is asked. */
  synchronized Cut cut() {
    return new Cut(delivered, givenBack, letters);
  }

  /**
   * Compares what waits now.
   *
   * @param sure whether the same has been seen more than once: somebody may hold messages for a
   *     moment only
   * @return whether more is missing than dead letters tell of; then it is worth to look again
   */
  synchronized boolean look(Cut cut, long ready, boolean sure, Instant now) {
    Look before = last;
    long lacking = before == null ? 0 : shortOf(before, cut, ready);
    if (lacking > 0 && !sure) {
      return true;
    }
    if (lacking > 0) {
      missingSince = now;
      missing += lacking;
    }
    last = new Look(ready, cut.delivered(), givenBack, cut.letters());
    return false;
  }

  private long shortOf(Look before, Cut cut, long ready) {
    long back = cut.givenBack() - before.givenBack();
    long came = delivered - before.delivered();
    long told = letters - before.letters();
    return before.ready() + back - came - told - ready;
  }

  /** The queue was deleted, with whatever waited in it. */
  synchronized void queueDeleted(Instant now) {
    last = null;
    losses.add(
        new Loss(
            0,
            now,
            ("the queue %s was deleted, and with it what waited in it" + MEND).formatted(queue)));
  }

  /** How many are missing of which a dead letter may still tell. */
  synchronized long missing(Instant now) {
    if (missing > 0 && missingSince.plus(PATIENCE).isBefore(now)) {
      losses.add(
          new Loss(
              missing,
              now,
              ("at least %d messages left the queue %s unsettled, and no dead letter tells what they"
                      + " were: it was purged, they expired or were pushed out without a dead-letter"
                      + " exchange, or somebody took them"
                      + MEND)
                  .formatted(missing, queue)));
      missing = 0;
    }
    return missing;
  }

  synchronized List<Loss> losses() {
    return List.copyOf(losses);
  }

  synchronized void noted(List<Loss> written) {
    losses.removeAll(written);
  }
}
