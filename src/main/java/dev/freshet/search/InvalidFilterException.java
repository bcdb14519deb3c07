package dev.freshet.search;

/** A filter expression that cannot be read. The message says where, and what was expected there. */
public final class InvalidFilterException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  InvalidFilterException(int position, String problem) {
    super("at character " + position + ": " + problem);
  }
}
