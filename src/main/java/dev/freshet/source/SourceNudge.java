package dev.freshet.source;

import java.time.Instant;
import java.util.Optional;

/**
 * Makes the source commit something, so that something follows what is waited for. Returns at once;
 * that it could not is told elsewhere.
 */
@FunctionalInterface
public interface SourceNudge {

  /** Where no connection to the source is configured. */
  SourceNudge NONE = () -> {};

  void nudge();

  /** When the last one was written; empty while none was. */
  default Optional<Instant> lastSent() {
    return Optional.empty();
  }
}
