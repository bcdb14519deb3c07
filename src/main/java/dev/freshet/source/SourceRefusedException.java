package dev.freshet.source;

/** The source does not give what was asked for; the message says why and how to mend it. */
public class SourceRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  public SourceRefusedException(String message) {
    super(message);
  }

  public SourceRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
