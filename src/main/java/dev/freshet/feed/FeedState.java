package dev.freshet.feed;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a feed tells of itself, and of who else consumes; any thread may ask. */
public interface FeedState {

  /** Whether it can deliver now; answers at once. */
  FeedStatus status();

  /**
   * Whether a logical message of the source can come this way: Debezium publishes it to a topic of
   * its own, {@code <topic.prefix>.message}.
   */
  default boolean takesLogicalMessages() {
    return true;
  }

  /**
   * Whether it tells how far the source's log was read, also while no row changes. Then a watermark
   * that is not known yet will be.
   */
  default boolean reportsProgress() {
    return false;
  }

  /** How many messages it holds that are not settled. */
  int held();

  /**
   * How many of {@link #held} may be changes of rows; all of them where that shows only when they
   * are decoded.
   */
  default int heldPossibleChanges() {
    return held();
  }

  /**
   * All partitions of the feed, whichever consumer takes from them; most have one. The watermark is
   * the lowest over these, so none may be left out. Answers at once, as of the last {@link
   * #backlog}.
   *
   * @return empty while they are not known: then the watermark stands still
   */
  default Set<Partition> partitions() {
    return Set.of(Partition.ONLY);
  }

  /**
   * Since when no other consumer can hold messages of a partition: what one held has come back by
   * then, and stands before what arrives later. {@link Instant#MIN} where there was none when this
   * one began to consume. Answers at once, as of the last {@link #backlog}.
   *
   * @return empty while another one takes from it, or it is not known, as of a feed that does not
   *     override this: then the watermark is not exact
   */
  default Optional<Instant> aloneSince(Partition partition) {
    return Optional.empty();
  }

  /**
   * What the source keeps of its log for this feed; empty of a feed that is not the source's log,
   * and where that is not known now. Answers at once.
   */
  default Optional<RetainedLog> retained() {
    return Optional.empty();
  }

  /** Only a feed that follows the changes is expected to know what waits. Answers at once. */
  default FeedPhase phase() {
    return FeedPhase.FOLLOWS;
  }

  /** What leaves the feed without being settled here. */
  default Departures departures() {
    return Departures.NONE;
  }

  /**
   * Asks what waits, and who consumes; may take as long as the other side may take to answer.
   *
   * @return empty where it cannot be told now
   */
  Optional<Backlog> backlog();
}
