package dev.freshet.feed;

import java.time.Instant;

/** A message in this process. */
final class BufferedDelivery implements Delivery {

  private final ChangeMessage message;
  private final Instant receivedAt;
  private final Runnable whenSettled;
  private final boolean possibleChange;
  private volatile boolean taken;
  private volatile boolean live = true;

  /**
   * @param possibleChange whether it may be a change of a row
   */
  BufferedDelivery(
      ChangeMessage message, Instant receivedAt, Runnable whenSettled, boolean possibleChange) {
    this.message = message;
    this.receivedAt = receivedAt;
    this.whenSettled = whenSettled;
    this.possibleChange = possibleChange;
  }

  /** The same message, to be taken once more. */
  BufferedDelivery again() {
    return new BufferedDelivery(message, receivedAt, whenSettled, possibleChange);
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

  boolean isPossibleChange() {
    return possibleChange;
  }

  boolean isTaken() {
    return taken;
  }

  void take() {
    taken = true;
  }

  /** It is settled, or another delivery stands for its message. */
  void end() {
    live = false;
  }
}
