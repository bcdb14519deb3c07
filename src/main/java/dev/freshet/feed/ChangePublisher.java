package dev.freshet.feed;

/** Puts change messages where a feed takes them from; any thread may do so. */
public interface ChangePublisher {

  /**
   * Puts a message on the feed and returns once the feed has it safely. One with an empty routing
   * key is of no table, and goes to this feed whatever it is bound to; it may arrive with another
   * routing key.
   *
   * @throws UnroutableException when no queue takes it
   * @throws dev.freshet.UnavailableException when the feed cannot take it now
   */
  void publish(ChangeMessage message) throws UnroutableException;
}
