package dev.freshet.job;

/** A job cannot go on, however often it is tried; the message says why and how to mend it. */
public class JobFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  public JobFailedException(String message) {
    super(message);
  }

  public JobFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
