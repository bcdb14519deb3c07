package dev.freshet.capture;

/** The source cannot be captured before somebody mends what the message names. */
final class CaptureException extends Exception {

  private static final long serialVersionUID = 1L;

  CaptureException(String message) {
    super(message);
  }
}
