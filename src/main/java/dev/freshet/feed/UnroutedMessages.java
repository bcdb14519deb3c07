package dev.freshet.feed;

import java.util.Optional;

/**
 * Messages that were published where the feed takes its messages from, and that it does not take.
 */
public interface UnroutedMessages {

  /** Of a feed that takes whatever is published. */
  UnroutedMessages NONE =
      new UnroutedMessages() {
        @Override
        public Optional<Unrouted> look() {
          return Optional.empty();
        }

        @Override
        public Rerouted reroute(int limit) {
          return new Rerouted(0, 0, 0);
        }
      };

  /**
   * Counts them, and tells what they are; none is moved or lost.
   *
   * @return empty where none are kept
   * @throws dev.freshet.UnavailableException when the place where they are kept cannot be reached
   */
  Optional<Unrouted> look();

  /**
   * Publishes those again, oldest first, which the feed would take by now. Each goes only when its
   * copy is safe, so that a crash leaves it twice and never not at all. The others stay as they
   * are.
   *
   * @param limit the most to publish
   * @throws dev.freshet.UnavailableException when the feed does not answer; the others are kept
   */
  Rerouted reroute(int limit);

  /**
   * What became of them.
   *
   * @param published how many are on the feed now
   * @param unroutable how many were looked at that the feed does not take
   * @param waiting how many there are now, looked at or not
   */
  record Rerouted(int published, int unroutable, long waiting) {}
}
