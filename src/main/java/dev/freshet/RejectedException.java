package dev.freshet;

import java.util.Objects;

/** A message that can never be indexed as it is. It goes to the dead-letter queue. */
public final class RejectedException extends FreshetException {

  private static final long serialVersionUID = 1L;

  private final RejectionReason reason;

  /**
   * @param detail what is wrong and how to mend it; never holds a column's value
   */
  public RejectedException(RejectionReason reason, String detail) {
    super(detail);
    this.reason = Objects.requireNonNull(reason);
  }

  public RejectedException(RejectionReason reason, String detail, Throwable cause) {
    super(detail, cause);
    this.reason = Objects.requireNonNull(reason);
  }

  public RejectionReason reason() {
    return reason;
  }

  /** What is wrong and how to mend it. */
  public String detail() {
    return Objects.requireNonNull(getMessage());
  }
}
