package dev.freshet.feed.memory;

import dev.freshet.feed.ChangeMessage;
import dev.freshet.feed.Delivery;
import dev.freshet.feed.Partition;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message in memory; it is settled once, however often it is confirmed. */
record MemoryDelivery(ChangeMessage message, Instant receivedAt, AtomicBoolean settled)
    implements Delivery {

  MemoryDelivery(ChangeMessage message, Instant receivedAt) {
    this(message, receivedAt, new AtomicBoolean());
  }

  @Override
  public Partition partition() {
    return Partition.ONLY;
  }

  @Override
  public boolean isLive() {
    return !settled.get();
  }

  /** Whether this call was the one that settled it. */
  boolean settle() {
    return settled.compareAndSet(false, true);
  }
}
