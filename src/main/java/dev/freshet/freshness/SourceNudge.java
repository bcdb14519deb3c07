package dev.freshet.freshness;

/**
 * Makes the source commit something, so that something follows what is waited for. Returns at once;
 * that it could not is told elsewhere.
 */
@FunctionalInterface
public interface SourceNudge {

  /** Where no connection to the source is configured. */
  SourceNudge NONE = () -> {};

  void nudge();
}
