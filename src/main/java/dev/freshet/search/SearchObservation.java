package dev.freshet.search;

/** Watches the searches that users make. */
public interface SearchObservation {

  /** The same search, watched. */
  Search around(Search search);
}
