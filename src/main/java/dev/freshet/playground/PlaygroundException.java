package dev.freshet.playground;

/** The playground's PostgreSQL does not do what it should. */
public final class PlaygroundException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  PlaygroundException(String message) {
    super(message);
  }

  PlaygroundException(String message, Throwable cause) {
    super(message, cause);
  }
}
