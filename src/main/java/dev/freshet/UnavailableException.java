package dev.freshet;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something Freshet depends on does not answer, or not now. The same call succeeds later, so the
 * caller waits and tries again; no message is to blame.
 */
public final class UnavailableException extends FreshetException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  public UnavailableException(String message) {
    super(message);
    this.retryAfter = null;
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  public UnavailableException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** How long the other side asks to be left alone, where it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
