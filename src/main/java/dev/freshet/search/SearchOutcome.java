package dev.freshet.search;

import java.util.Locale;

/** How a search ends. */
public enum SearchOutcome {
  /** There are hits. */
  FOUND,
  /** There are none. */
  EMPTY,
  /** The index cannot search in this way. */
  UNSUPPORTED,
  /** The index does not answer. */
  UNAVAILABLE,
  /** A defect. */
  FAILED;

  /** Whether there is no answer. */
  public boolean isError() {
    return this != FOUND && this != EMPTY;
  }

  /** The word that metrics and traces use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
