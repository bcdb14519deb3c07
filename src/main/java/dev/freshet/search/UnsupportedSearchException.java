package dev.freshet.search;

/** The active sink cannot search, or not in this way. */
public final class UnsupportedSearchException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnsupportedSearchException(String message) {
    super(message);
  }
}
