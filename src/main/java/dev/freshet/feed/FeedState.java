package dev.freshet.feed;

import java.time.Instant;
import java.util.Optional;

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

  /** How many messages it holds that are not settled. */
  int held();

  /**
   * Since when no other consumer can hold messages of the same queue: what one held has come back
   * by then, and stands before what arrives later. {@link Instant#MIN} where there was none when
   * this one began to consume; empty while there is one, or it is not known: then the watermark is
   * not exact. As of the last {@link #backlog}.
   */
  default Optional<Instant> aloneSince() {
    return Optional.empty();
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
