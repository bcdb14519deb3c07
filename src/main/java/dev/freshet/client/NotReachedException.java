package dev.freshet.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The index did not come to be as fresh as it was asked to be. */
public final class NotReachedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** The time was up; it may come yet. */
    TIMED_OUT,
    /** The document's newest change was dead-lettered. */
    DEAD_LETTERED,
    /** Rows of its table become no documents. */
    IGNORED,
    /** The service does not take the call: a wrong key, a wrong parameter, no Freshet. */
    REFUSED
  }

  private final Reason reason;
  private final transient @Nullable IndexFreshness freshness;

  NotReachedException(Reason reason, String message, @Nullable IndexFreshness freshness) {
    super(freshness == null ? message : message + " (" + Sentences.watermark(freshness) + ")");
    this.reason = reason;
    this.freshness = freshness;
  }

  public Reason reason() {
    return reason;
  }

  /** How fresh the index was last; empty when the service never said. */
  public Optional<IndexFreshness> freshness() {
    return Optional.ofNullable(freshness);
  }
}
