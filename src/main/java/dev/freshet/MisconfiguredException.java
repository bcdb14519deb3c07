package dev.freshet;

/**
 * Something that waiting does not heal: a setting, or what it names, must be changed first. At the
 * start it ends the process.
 */
public class MisconfiguredException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong and how to mend it, without a secret
   */
  public MisconfiguredException(String message) {
    super(message);
  }

  public MisconfiguredException(String message, Throwable cause) {
    super(message, cause);
  }
}
