package dev.freshet;

/**
 * The root of Freshet's failures. There are two kinds, and every handler must tell them apart: a
 * {@link RejectedException} is the fault of one message and never succeeds, an {@link
 * UnavailableException} is the fault of the infrastructure and heals.
 */
public abstract sealed class FreshetException extends RuntimeException
    permits RejectedException, UnavailableException {

  private static final long serialVersionUID = 1L;

  FreshetException(String message) {
    super(message);
  }

  FreshetException(String message, Throwable cause) {
    super(message, cause);
  }
}
