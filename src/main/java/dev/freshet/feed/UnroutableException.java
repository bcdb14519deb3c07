package dev.freshet.feed;

/** A published event that no queue takes: it would be lost without a word. */
public final class UnroutableException extends Exception {

  private static final long serialVersionUID = 1L;

  public UnroutableException(String message) {
    super(message);
  }
}
