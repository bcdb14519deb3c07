package dev.freshet.indexing;

import dev.freshet.RejectionReason;
import dev.freshet.changeevent.CarriedTrace;
import dev.freshet.changeevent.TraceContext;
import dev.freshet.document.DocumentChange;
import dev.freshet.feed.ChangeMessage;
import java.time.Instant;
import java.util.Optional;

/**
 * One message's way, for as long as it is in hand. A message that is given back to its feed has no
 * end here.
 */
public interface MessageTrace {

  /** What the log calls it; empty where the message belongs to no trace. */
  Optional<TraceContext> context();

  /** The message was read, and this is what it does. */
  default void read(DocumentChange change) {}

  /**
   * The message is done.
   *
   * @param outcome one word
   * @param at when its effect was durable
   */
  default void ended(String outcome, Instant at) {}

  /** The message can never be indexed, and is put away. */
  default void failed(RejectionReason reason, Instant at) {}

  /** The trace that the message carries, not followed. */
  static MessageTrace carriedBy(ChangeMessage message) {
    Optional<TraceContext> carried = CarriedTrace.of(message);
    return () -> carried;
  }
}
