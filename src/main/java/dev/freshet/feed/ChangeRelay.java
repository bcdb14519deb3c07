package dev.freshet.feed;

import java.util.Optional;

/** Hands messages on to others, in their order; any thread may call it. */
public interface ChangeRelay extends AutoCloseable {

  /** For want of others. */
  ChangeRelay NONE =
      new ChangeRelay() {
        @Override
        public void relay(ChangeMessage message, boolean mandatory, Runnable whenTaken) {
          whenTaken.run();
        }

        @Override
        public void abandon() {}

        @Override
        public Optional<String> fault() {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /**
   * Waits for room and adds a message.
   *
   * @param mandatory whether a message that nobody receives counts as not taken; it is sent again
   * @param whenTaken called once, when the others have this message safely and all before it
   */
  void relay(ChangeMessage message, boolean mandatory, Runnable whenTaken)
      throws InterruptedException;

  /** Forgets what is not taken: it comes again, perhaps to another process. */
  void abandon();

  /** Why nothing is taken now, in one sentence; empty while nothing is wrong. */
  Optional<String> fault();

  @Override
  void close();
}
