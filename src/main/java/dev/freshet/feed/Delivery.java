package dev.freshet.feed;

import java.time.Instant;

/** A message that a feed handed out and that waits for its acknowledgement. */
public interface Delivery {

  ChangeMessage message();

  /** Of which it is: the feed hands out the messages of one in their order. */
  Partition partition();

  /**
   * When the feed received the message: strictly increasing within one feed (microseconds), so that
   * it orders messages that carry no position of their own. Of a dead letter that was put back on
   * the queue it is when that message first arrived.
   */
  Instant receivedAt();

  /** Whether a consumer, perhaps this one, had it before. */
  default boolean isRedelivered() {
    return false;
  }

  /** Whether it can still be settled, as far as is known; otherwise it is delivered again. */
  default boolean isLive() {
    return true;
  }
}
