package dev.freshet.job;

import dev.freshet.UnavailableException;
import java.util.Optional;

/** Lets jobs change the index, or not. */
@FunctionalInterface
public interface JobGate {

  /** Why it is closed, and how to open it; empty while it is open. */
  Optional<String> closedBecause();

  /**
   * Goes on where it is open.
   *
   * @throws UnavailableException while it is closed
   */
  default void pass() {
    closedBecause()
        .ifPresent(
            why -> {
              throw new UnavailableException(why);
            });
  }
}
