package dev.freshet.feed;

/**
 * What waits on a feed.
 *
 * @param waiting messages that nobody has taken yet; those in some consumer's hands do not count
 * @param deadLetters messages that were given up and are kept
 * @param possibleChanges how many of those that wait may be changes of rows; all of them where that
 *     shows only when they are decoded
 */
public record Backlog(long waiting, long deadLetters, long possibleChanges) {

  /** Each message that waits may be a change. */
  public Backlog(long waiting, long deadLetters) {
    this(waiting, deadLetters, waiting);
  }
}
