package dev.freshet.source;

import dev.freshet.UnavailableException;
import org.jspecify.annotations.Nullable;

/** The source does not give what was asked for; the message says why and how to mend it. */
public class SourceRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  public SourceRefusedException(String message) {
    super(message);
    this.mayPass = false;
  }

  public SourceRefusedException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private SourceRefusedException(String message, @Nullable Throwable cause, boolean mayPass) {
    super(message, cause);
    this.mayPass = mayPass;
  }

  /**
   * What a failover, a restore or a change of the password cause for moments. Who asks is told at
   * once; who is in the middle of the work waits.
   */
  public static SourceRefusedException passing(String message, @Nullable Throwable cause) {
    return new SourceRefusedException(message, cause, true);
  }

  /**
   * Returns where it lasts.
   *
   * @throws UnavailableException with the same message where it may pass
   */
  public void waitIfPassing() {
    if (mayPass) {
      throw new UnavailableException(String.valueOf(getMessage()), this);
    }
  }
}
