package dev.freshet.feed;

import java.time.Instant;

/** A message in this process. */
final class BufferedDelivery implements Delivery {

  private final ChangeMessage message;
  private final Instant receivedAt;
  private final Runnable whenSettled;
  private volatile boolean live = true;

  BufferedDelivery(ChangeMessage message, Instant receivedAt, Runnable whenSettled) {
    this.message = message;
    this.receivedAt = receivedAt;
    this.whenSettled = whenSettled;
  }

  @Override
  public ChangeMessage message() {
    return message;
  }

  @Override
  public Partition partition() {
    return Partition.ONLY;
  }

  @Override
  public Instant receivedAt() {
    return receivedAt;
  }

  Runnable whenSettled() {
    return whenSettled;
  }

  @Override
  public boolean isLive() {
    return live;
  }

  /** It is settled, or another delivery stands for its message. */
  void end() {
    live = false;
  }
}
