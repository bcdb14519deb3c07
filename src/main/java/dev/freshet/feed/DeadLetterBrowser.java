package dev.freshet.feed;

import java.util.Optional;

/**
 * Dead letters in hand: nobody else sees them meanwhile. What is neither removed nor replaced goes
 * back to its old place when this is closed, and when the process ends, however it ends. For one
 * thread.
 *
 * <p>Every call throws {@link dev.freshet.UnavailableException} when the place cannot be reached;
 * then all that was not settled goes back.
 */
public interface DeadLetterBrowser extends AutoCloseable {

  /** Takes the next one, oldest first; empty when there is no other. */
  Optional<DeadLetter> next();

  /** Keeps nothing of a dead letter but its place: it is neither removed nor replaced. */
  default void pass(DeadLetter letter) {}

  /** Removes a dead letter for good. */
  void remove(DeadLetter letter);

  /**
   * Puts a dead letter at the end with another rejection, under its old id. Where it cannot carry
   * that, it goes back to its old place as it was.
   */
  void replace(DeadLetter letter, Rejection rejection);

  /** Puts the others back, each at its old place. */
  @Override
  void close();
}
