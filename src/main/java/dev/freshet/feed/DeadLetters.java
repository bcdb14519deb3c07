package dev.freshet.feed;

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
   * How many wait; those in somebody's hand do not count.
   *
   * @throws dev.freshet.UnavailableException when the place cannot be reached
   */
  long count();
}
