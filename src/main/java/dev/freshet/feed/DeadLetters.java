package dev.freshet.feed;

import java.time.Instant;

/**
 * Where a feed's dead letters are kept. That place is the truth: others may look into it, empty it,
 * or put messages there too.
 */
public interface DeadLetters {

  /**
   * Begins to take dead letters in hand.
   *
   * @throws dev.freshet.UnavailableException when the place cannot be reached
   */
  DeadLetterBrowser open();

  /**
   * Keeps a message that the feed has not delivered, behind all others.
   *
   * @param receivedAt when it was made
   * @throws dev.freshet.UnavailableException when the place cannot be reached; it may be kept all
   *     the same
   */
  void add(ChangeMessage message, Instant receivedAt, Rejection rejection);

  /**
   * How many wait; those in somebody's hand do not count.
   *
   * @throws dev.freshet.UnavailableException when the place cannot be reached
   */
  long count();
}
