package dev.freshet.feed;

import java.time.Duration;
import java.util.List;

/**
 * A source of change messages with manual acknowledgement, for the one who takes and settles them;
 * who only asks uses its {@link FeedState}. A feed reconnects by itself and never ends the process;
 * what was taken and not acknowledged when its connection broke is delivered again. Where others
 * can put messages on it, it is a {@link ChangePublisher} too.
 */
public interface ChangeFeed extends FeedState, AutoCloseable {

  /** Starts to connect and to receive, in the background. Returns at once. */
  void start();

  /**
   * Waits for a message, then takes along what is already there.
   *
   * @param limit the most messages to take, at least 1
   * @param patience how long to wait for the first one
   * @return in order of arrival; empty when none came in time
   */
  List<Delivery> take(int limit, Duration patience) throws InterruptedException;

  /** How many messages it hands out now at most before the first of them is acknowledged. */
  int window();

  /** How many bytes of messages it hands out at most before the first of them is acknowledged. */
  long windowBytes();

  /**
   * Receives nothing until {@link #resume}, over a restart of the connection too; {@link #take}
   * meanwhile answers nothing. What arrived and was not taken goes back to where it came from, for
   * other consumers to take. The connection stays, so that messages can be published, and that what
   * was taken can still be acknowledged, dead-lettered or given back. May be called before the
   * start.
   */
  void pause();

  /**
   * Asks for nothing more, but leaves what has arrived to be taken, where giving it back would cost
   * it something: a quorum queue counts how often it delivers a message, and gives up one that it
   * delivers too often. Ends with {@link #pause}.
   *
   * @return whether there may be anything to take, as {@link #held} tells then; otherwise nothing
   *     has changed
   */
  default boolean drain() {
    return false;
  }

  /** Receives again after {@link #pause}. */
  void resume();

  /**
   * Puts messages that were taken and are not settled back to where they came from, at their old
   * place where the feed can. A message whose connection is gone is left alone: it is delivered
   * again.
   */
  void giveBack(List<? extends Delivery> deliveries);

  /**
   * Confirms that the messages are done. Confirming a message whose connection is gone does
   * nothing: it is delivered again.
   */
  void acknowledge(List<? extends Delivery> deliveries);

  /**
   * Puts the message where dead letters are kept, with the reason, and acknowledges it once that is
   * confirmed. A message whose connection is gone is left alone: it is delivered again.
   *
   * @return whether the message was put there
   * @throws dev.freshet.UnavailableException when it could not be put there; the message stays
   *     unacknowledged and is delivered again
   */
  boolean deadLetter(Delivery delivery, Rejection rejection);

  /**
   * Stops receiving: from now on {@link #take} does not wait. It answers what would otherwise be
   * lost, if there is any, and then nothing. What was taken can still be acknowledged.
   */
  void stopReceiving();

  /** Releases the connection. Unacknowledged messages go back to where they came from. */
  @Override
  void close();
}
